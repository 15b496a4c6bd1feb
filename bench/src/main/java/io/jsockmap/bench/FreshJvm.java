package io.jsockmap.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM that starts and does one thing. */
public final class FreshJvm {
    private FreshJvm() {}

    /**
     * Runs a class of ours with the options of the launcher, to its end.
     *
     * @param options more of them
     * @return what it printed
     * @throws IOException if it failed
     */
    public static String run(List<String> options, Class<?> main, List<String> arguments)
            throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("-XX:+UseSerialGC"));
        all.addAll(options);
        var process = start(all, main, arguments);
        var output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .strip();
        if (process.waitFor() != 0) throw new IOException(main.getName() + " failed");
        return output;
    }

    /** Starts a class of ours, with these options alone; what goes wrong there is seen here. */
    public static Process start(List<String> options, Class<?> main, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
