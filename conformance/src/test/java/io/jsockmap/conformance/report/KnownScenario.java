package io.jsockmap.conformance.report;

import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;

import org.junit.jupiter.api.DisplayName;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a method says of its scenarios.
 *
 * @param area the package
 * @param title in words
 * @param fault the kernel's, if one is known
 */
record KnownScenario(String area, String title, Optional<KernelFault> fault) {

    /** All there are, by class and method. */
    static Map<String, KnownScenario> all(Path classes) throws IOException {
        Map<String, KnownScenario> all = new HashMap<>();
        try (var files = Files.walk(classes)) {
            files.filter(file -> file.toString().endsWith("Test.class"))
                    .map(classes::relativize)
                    .map(KnownScenario::load)
                    .filter(type -> type.isAnnotationPresent(EngineTest.class))
                    .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                    .filter(method -> method.isAnnotationPresent(DisplayName.class))
                    .forEach(method -> all.put(nameOf(method), of(method)));
        }
        return all;
    }

    private static Class<?> load(Path file) {
        var name = file.toString().replace('/', '.').replaceAll("\\.class$", "");
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static String nameOf(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static KnownScenario of(Method method) {
        var area = method.getDeclaringClass().getPackageName();
        return new KnownScenario(
                area.substring(area.lastIndexOf('.') + 1),
                method.getAnnotation(DisplayName.class).value(),
                Optional.ofNullable(method.getAnnotation(KernelFault.class)));
    }

    /** That of a scenario, which may be one of several cases of a method. */
    static KnownScenario of(String scenario, Map<String, KnownScenario> all) {
        int space = scenario.indexOf(' ');
        var known = all.get(space < 0 ? scenario : scenario.substring(0, space));
        var one = space < 0 ? "" : scenario.substring(space);
        return known == null
                ? new KnownScenario("", scenario, Optional.empty())
                : new KnownScenario(known.area, known.title + one, known.fault);
    }
}
