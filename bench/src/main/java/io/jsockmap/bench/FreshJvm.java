package io.jsockmap.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM that starts, does one thing and ends. */
public final class FreshJvm {
    private FreshJvm() {}

    /**
     * Runs a class of ours with the options of the launcher.
     *
     * @param options more of them
     * @return what it printed
     * @throws IOException if it failed
     */
    public static String run(List<String> options, Class<?> main, List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .strip();
        if (process.waitFor() != 0) throw new IOException(command + " failed");
        return output;
    }
}
