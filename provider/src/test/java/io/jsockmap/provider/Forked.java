package io.jsockmap.provider;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, for what the command line decides. */
public record Forked(int status, String output) {

    /** Runs a class's main with options for the JVM. */
    public static Forked run(Class<?> main, List<String> options) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-ea",
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED"));
        for (var name : List.of("jsockmap.root", "jsockmap.engine")) {
            var value = System.getProperty(name);
            if (value != null) command.add("-D%s=%s".formatted(name, value));
        }
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            var output = output(process);
            if (!process.waitFor(World.HANG_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end: " + output);
            }
            return new Forked(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Everything that this JVM has, whether it has modules or not. */
    private static String classPath() throws Exception {
        Set<String> entries = new LinkedHashSet<>();
        entries.add(folderOf(Forked.class).toString());
        for (var property : List.of("jdk.module.path", "java.class.path")) {
            var path = System.getProperty(property, "");
            entries.addAll(Arrays.asList(path.split(File.pathSeparator)));
        }
        entries.remove("");
        return String.join(File.pathSeparator, entries);
    }

    private static Path folderOf(Class<?> type) throws Exception {
        URI file = type.getResource(type.getSimpleName() + ".class").toURI();
        var folder = Path.of(file);
        int depth = type.getName().split("\\.").length;
        for (int i = 0; i < depth; i++) folder = folder.getParent();
        return folder;
    }
}
