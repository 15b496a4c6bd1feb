package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.launcher.EngineFilter.includeEngines;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The project to copy, examples/template, is compiled and tested with the classes of this build.
 */
class TemplateTest {
    private static final Path TEMPLATE =
            Path.of(System.getProperty("jsockmap.root", "..")).resolve("examples/template");
    private static final Path TESTS = TEMPLATE.resolve("src/test/java");
    private static final String TEST = "example.PolicyTest";

    @Test
    void itsTestsCompileWithoutAWarningAndPass(@TempDir Path classes) throws Exception {
        var source = TESTS.resolve(TEST.replace('.', '/') + ".java");
        assertThat(Javac.compile(classes, List.of(source), "-Xlint:all,-path,-classfile"))
                .isEmpty();

        URL[] urls = {classes.toUri().toURL(), TEMPLATE.resolve("src/main/bpf/").toUri().toURL()};
        try (var loader = new URLClassLoader(urls, getClass().getClassLoader())) {
            var summary = run(tests(loader.loadClass(TEST)));
            assertThat(summary.getFailures()).isEmpty();
            assertThat(summary.getTestsSucceededCount()).isGreaterThan(3);
        }
    }

    /**
     * All but its scenarios, which a test finds from the project's folder only, where this process
     * is not; a command of the docs plays them.
     */
    private static List<MethodSelector> tests(Class<?> type) {
        List<MethodSelector> tests = new ArrayList<>();
        for (var method : type.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(TestFactory.class)) {
                tests.add(selectMethod(type, method));
            }
        }
        return tests;
    }

    private static TestExecutionSummary run(List<MethodSelector> tests) {
        var request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(tests)
                        .filters(includeEngines("junit-jupiter"))
                        .build();
        var listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }
}
