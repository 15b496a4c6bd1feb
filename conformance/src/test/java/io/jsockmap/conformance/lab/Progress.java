package io.jsockmap.conformance.lab;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes down which scenario begins and how it ended, at once, so that it is known after the kernel
 * has gone; and leaves out those that it went with before, and those that have ended before. Where:
 * {@code jsockmap.progress}, {@code jsockmap.failures} and {@code jsockmap.skip}.
 */
final class Progress implements ExecutionCondition, BeforeEachCallback, TestWatcher {
    private static final Optional<Path> FILE = path("jsockmap.progress");
    private static final Optional<Path> FAILURES = path("jsockmap.failures");
    private static final List<String> LEFT_OUT = lines(path("jsockmap.skip"));
    private static final Set<String> ENDED =
            lines(FILE).stream()
                    .filter(line -> line.startsWith("end "))
                    .map(line -> line.substring("end ".length(), line.lastIndexOf(' ')))
                    .collect(Collectors.toSet());

    private final TestedEngine engine;

    Progress(TestedEngine engine) {
        this.engine = engine;
    }

    private static Optional<Path> path(String property) {
        return Optional.ofNullable(System.getProperty(property)).map(Path::of);
    }

    private static List<String> lines(Optional<Path> file) {
        if (file.filter(Files::exists).isEmpty()) return List.of();
        try {
            return Files.readAllLines(file.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code UpdateTest.aFullMap}, and a number for one of several cases. */
    static String name(ExtensionContext context) {
        var method =
                context.getRequiredTestClass().getSimpleName()
                        + "."
                        + context.getRequiredTestMethod().getName();
        var shown = context.getDisplayName();
        return shown.startsWith("[") ? method + " " + shown.replace('\n', ' ') : method;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) return ConditionEvaluationResult.enabled("");
        if (hasEnded(context)) return ConditionEvaluationResult.disabled("it has ended before");
        return LEFT_OUT.contains(name(context))
                ? ConditionEvaluationResult.disabled("the kernel went with it before")
                : ConditionEvaluationResult.enabled("");
    }

    private static boolean hasEnded(ExtensionContext context) {
        return ENDED.contains(name(context));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        write("begin " + name(context));
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        write("end %s pass".formatted(name(context)));
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        write("end %s fail".formatted(name(context)));
        write(FAILURES, "%s: %s".formatted(name(context), cause).replaceAll("\\s+", " "));
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        write("end %s skip".formatted(name(context)));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        if (context.getTestMethod().isEmpty() || hasEnded(context)) return;
        write("begin " + name(context));
        write("end %s skip".formatted(name(context)));
    }

    private void write(String line) {
        write(FILE, line);
    }

    private void write(Optional<Path> file, String line) {
        if (file.isEmpty() || engine != TestedEngine.KERNEL) return;
        try {
            Files.writeString(
                    file.get(),
                    line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.SYNC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
