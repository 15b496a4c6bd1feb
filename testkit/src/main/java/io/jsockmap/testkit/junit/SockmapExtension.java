package io.jsockmap.testkit.junit;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.testkit.scenario.Script;
import io.jsockmap.testkit.scenario.Way;
import io.jsockmap.testkit.stage.SocketChoice;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Gives tests what they ask for; see {@link SockmapTest}. */
final class SockmapExtension
        implements ParameterResolver, AfterEachCallback, TestTemplateInvocationContextProvider {
    private static final Namespace NAMESPACE = Namespace.create(SockmapExtension.class);

    // --- What is played --------------------------------------------------------------------------

    private static Script script(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(Script.class, _ -> load(context), Script.class);
    }

    private static Script load(ExtensionContext context) {
        var test = annotation(context);
        var way =
                Optional.ofNullable(context.getStore(NAMESPACE).get(Way.class, Way.class))
                        .orElse(test.way());
        var setup =
                new ObjectSetup(
                        Map.of(),
                        List.of(test.skip()),
                        Map.of(),
                        Optional.empty(),
                        List.of(test.set()),
                        List.of(test.attach()));
        var file = find(context.getRequiredTestClass(), test.value());
        return new Script(ObjectReader.read(file), setup, way);
    }

    private static SockmapTest annotation(ExtensionContext context) {
        for (var type = context.getRequiredTestClass();
                type != null;
                type = type.getEnclosingClass()) {
            var found = type.getAnnotation(SockmapTest.class);
            if (found != null) return found;
        }
        throw new IllegalStateException(
                "%s has no @SockmapTest".formatted(context.getRequiredTestClass()));
    }

    private static Path find(Class<?> test, String name) {
        var resource = test.getResource(name);
        if (resource == null) resource = test.getResource("/" + name);
        if (resource != null && resource.getProtocol().equals("file")) {
            return Path.of(URI.create(resource.toString()));
        }
        var file = Path.of(name);
        if (Files.exists(file)) return file;
        throw new BpfException(
                Errno.ENOENT,
                "@SockmapTest(\"%s\"): no such resource beside %s or at the root of the class path, and no such file in %s; is it compiled?"
                        .formatted(name, test.getSimpleName(), Path.of("").toAbsolutePath()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var script = context.getStore(NAMESPACE).remove(Script.class, Script.class);
        if (script == null) return;
        // What the test itself found comes first.
        if (context.getExecutionException().isEmpty()) script.close();
        else script.stage().close();
    }

    // --- Parameters ------------------------------------------------------------------------------

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        // Outside of a test there is none to have the object.
        if (context.getTestMethod().isEmpty()) return false;
        var type = parameter.getParameter().getType();
        return type == Script.class
                || parameter.isAnnotated(Accepted.class)
                || parameter.isAnnotated(Connected.class)
                || parameter.isAnnotated(Named.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var script = script(context);
        var type = parameter.getParameter().getType();
        if (type == Script.class) return script;
        return parameter
                .findAnnotation(Named.class)
                .map(named -> named(script, type, named.value()))
                .orElseGet(() -> socket(script, parameter));
    }

    private static Object named(Script script, Class<?> type, String name) {
        var object = script.stage().object();
        if (type == TestMap.class) return new TestMap(script, object.map(name).name());
        if (type == Program.class) return object.program(name);
        if (BpfMap.class.isAssignableFrom(type)) {
            var map = object.map(name);
            if (type.isInstance(map)) return map;
            throw new ParameterResolutionException(
                    "map %s is no %s".formatted(map, type.getSimpleName()));
        }
        throw new ParameterResolutionException(
                "@Named is for a TestMap, a map or a Program, not for " + type.getSimpleName());
    }

    private static TestSocket socket(Script script, ParameterContext parameter) {
        var accepted = parameter.findAnnotation(Accepted.class);
        if (accepted.isPresent()) {
            var a = accepted.get();
            return open(script, a.value(), SocketChoice.ACCEPTED, a.in());
        }
        var c = parameter.findAnnotation(Connected.class).orElseThrow();
        return open(script, c.value(), SocketChoice.CONNECTED, c.in());
    }

    private static TestSocket open(
            Script script, String name, SocketChoice choice, String[] places) {
        script.open(name, choice);
        var socket = new TestSocket(script, name);
        for (var place : places) socket.in(place);
        return socket;
    }

    // --- Every way -------------------------------------------------------------------------------

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(EveryWay.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        return Arrays.stream(Way.values()).map(Played::new);
    }

    private record Played(Way way) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocation) {
            return way.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(
                    (BeforeEachCallback)
                            context -> context.getStore(NAMESPACE).put(Way.class, way));
        }
    }
}
