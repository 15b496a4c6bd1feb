package io.jsockmap.cli;

import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A command in packaging/, as whoever starts it there passes it on.
 *
 * @param file in which it stands
 * @param words the command's, without java and what java takes
 */
record PackagedCommand(String file, List<String> words) {
    private static final String NOWHERE = "127.0.0.1";

    static Stream<PackagedCommand> all() throws IOException {
        var inPods =
                Manifest.all().stream()
                        .map(m -> new PackagedCommand(m.file(), m.container().arguments()));
        var unit = new PackagedCommand(ServiceUnit.FILE, ServiceUnit.read().command());
        return Stream.concat(inPods, Stream.of(unit));
    }

    /** What the command line makes of it; names that only a cluster knows are others. */
    ParseResult parsed() {
        var here = changed(PackagedCommand::withoutCluster);
        return Main.commandLine().parseArgs(here.toArray(String[]::new)).subcommand();
    }

    /** Where it listens on behalf of an option. */
    Optional<InetSocketAddress> address(String option) {
        Object value = parsed().matchedOptionValue(option, null);
        if (value instanceof Optional<?> optional) value = optional.orElse(null);
        return Optional.ofNullable((InetSocketAddress) value);
    }

    /**
     * As it can be run here.
     *
     * @param folder for its control socket
     */
    String[] placed(Path folder) {
        return changed(
                        word ->
                                withoutCluster(word)
                                        .replace("/etc/jsockmap/policy.bpf.o", example())
                                        .replace("/run/jsockmap", folder.toString())
                                        .replaceFirst("0\\.0\\.0\\.0:\\d+$", NOWHERE + ":0")
                                        .replaceFirst("127\\.0\\.0\\.1:9090$", NOWHERE + ":0"))
                .toArray(String[]::new);
    }

    private static String example() {
        return Outcome.example("splice");
    }

    private static String withoutCluster(String word) {
        return word.replaceFirst("[a-z.]+\\.svc\\.cluster\\.local", NOWHERE);
    }

    private List<String> changed(UnaryOperator<String> change) {
        return words.stream().map(change).toList();
    }

    @Override
    public String toString() {
        return file + ": " + String.join(" ", words);
    }
}
