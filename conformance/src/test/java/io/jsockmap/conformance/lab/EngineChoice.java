package io.jsockmap.conformance.lab;

import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.util.List;
import java.util.stream.Stream;

/** Runs a class once for each engine. */
final class EngineChoice implements ClassTemplateInvocationContextProvider {
    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        return TestedEngine.chosen().stream().map(Invocation::new);
    }

    private record Invocation(TestedEngine engine) implements ClassTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return engine.toString();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new EngineExtension(engine), new Progress(engine));
        }
    }
}
