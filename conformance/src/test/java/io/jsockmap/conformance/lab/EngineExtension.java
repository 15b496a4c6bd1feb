package io.jsockmap.conformance.lab;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Gives scenarios their lab, or says why an engine can't do one. */
final class EngineExtension implements ExecutionCondition, ParameterResolver, AfterEachCallback {
    private static final ExtensionContext.Namespace OURS =
            ExtensionContext.Namespace.create(EngineExtension.class);
    private static final Path COMMAND_LINE = Path.of("/proc/cmdline");

    private final TestedEngine engine;

    EngineExtension(TestedEngine engine) {
        this.engine = engine;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (!engine.whyNot().isEmpty()) {
            return ConditionEvaluationResult.disabled(
                    "no engine %s: %s".formatted(engine, engine.whyNot()));
        }
        if (context.getTestMethod().isEmpty()) return ConditionEvaluationResult.enabled("");
        if (!isSafe(context)) {
            return ConditionEvaluationResult.disabled(
                    "bytes flow through the kernel's sockmap only in a guest:"
                            + " tools/guest/conformance");
        }
        return lacking(context)
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled(""));
    }

    private boolean isSafe(ExtensionContext context) {
        return engine != TestedEngine.KERNEL
                || isGuest()
                || annotation(context, WithoutTraffic.class).isPresent();
    }

    /** A guest of ours says so on its kernel's command line. */
    static boolean isGuest() {
        try {
            return Files.readString(COMMAND_LINE).contains("jsockmap.guest=1");
        } catch (IOException _) {
            return false;
        }
    }

    private Optional<String> lacking(ExtensionContext context) {
        var needs = annotation(context, Needs.class);
        if (needs.isEmpty()) return Optional.empty();
        try (var opened = engine.open()) {
            return Arrays.stream(needs.get().value())
                    .filter(capability -> !opened.capabilities().contains(capability))
                    .map(capability -> "no engine %s that %s".formatted(engine, capability.text()))
                    .findFirst();
        }
    }

    private static <A extends Annotation> Optional<A> annotation(
            ExtensionContext context, Class<A> type) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), type)
                .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), type));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(OURS)
                .computeIfAbsent(Lab.class, _ -> new Lab(engine.open()), Lab.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var lab = context.getStore(OURS).remove(Lab.class, Lab.class);
        if (lab == null) return;
        try {
            lab.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
