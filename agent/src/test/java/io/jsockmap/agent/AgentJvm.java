package io.jsockmap.agent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * A JVM of its own with an agent.
 *
 * @param folder for its files
 * @param agent the class whose premain the JVM calls
 */
public record AgentJvm(Path folder, Class<?> agent) {

    /** What a program printed, and what it and the agent said on the other stream. */
    public record Outcome(int status, List<String> printed, List<String> said) {}

    /** Runs {@link Program}. */
    public Outcome run(String agentArguments, String program)
            throws IOException, InterruptedException {
        var jar = agentJar(folder.resolve("agent.jar"));
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-javaagent:%s=%s".formatted(jar, agentArguments));
        command.addAll(List.of("-cp", testClasses(), Program.class.getName(), program));
        var out = folder.resolve("out");
        var error = folder.resolve("error");
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(error.toFile())
                        .start();
        int status = process.waitFor();
        return new Outcome(status, Files.readAllLines(out), Files.readAllLines(error));
    }

    /** A jar as the build makes it, but that it refers to the classes instead of having them. */
    private Path agentJar(Path jar) throws IOException {
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Premain-Class"), agent.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(classPath().split(File.pathSeparator))
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    /** Tests may run with modules, and then most of it is not on the class path. */
    private static String classPath() {
        return System.getProperty("java.class.path")
                + File.pathSeparator
                + System.getProperty("jdk.module.path", "");
    }

    private static String testClasses() {
        var place = Program.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(place.getPath()).toString();
    }
}
