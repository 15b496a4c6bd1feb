package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.policy.PolicyWatcher;
import io.jsockmap.sockmap.socket.SockListener;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** What is in force once an application has started, or why it does not start. */
class StartTest {
    @TempDir private Path folder;
    private ApplicationContextRunner application;

    @BeforeEach
    void begin() {
        application =
                new ApplicationContextRunner()
                        .withConfiguration(
                                AutoConfigurations.of(
                                        SockmapAutoConfiguration.class,
                                        SockmapEndpointAutoConfiguration.class,
                                        SockmapHealthAutoConfiguration.class,
                                        SockmapMetersAutoConfiguration.class,
                                        SockmapNettyAutoConfiguration.class,
                                        SockmapServerNoticeAutoConfiguration.class));
    }

    private ApplicationContextRunner with(Object policy, String... more) {
        return application.withPropertyValues("jsockmap.policy=" + policy).withPropertyValues(more);
    }

    /** What a user reads who starts the application. */
    private static FailureAnalysis analysis(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class).stream()
                .filter(PolicyFailureAnalyzer.class::isInstance)
                .map(analyzer -> analyzer.analyze(failure))
                .findFirst()
                .orElseThrow();
    }

    private static void refuses(ApplicationContextRunner application, String why, String action) {
        application.run(
                context -> {
                    var analysis = analysis(context.getStartupFailure());
                    assertThat(analysis.getDescription()).contains(why);
                    assertThat(analysis.getAction()).contains(action);
                });
    }

    @Nested
    class APolicy {
        @Test
        @DisplayName("of a path is in force, and nothing is judged any more when the application ends")
        void path() {
            with(Policies.write(folder, Policies.JUDGING))
                    .run(
                            context -> {
                                var policy = context.getBean(LivePolicy.class);
                                assertThat(policy.version().number()).isEqualTo(1);
                                assertThat(policy.version().file().name()).isEqualTo("gateway");
                                assertThat(context).doesNotHaveBean(PolicyWatcher.class);
                            });
        }

        @Test
        @DisplayName("of a file: is in force, relative to the working folder or not")
        void file() {
            with("file:" + Policies.write(folder, Policies.JUDGING))
                    .run(context -> assertThat(context).hasSingleBean(LivePolicy.class));
            with("file:../examples/http-policy/policy.yaml")
                    .run(context -> assertThat(context).hasSingleBean(LivePolicy.class));
        }

        @Test
        @DisplayName("that the application defines is the one")
        void ownPolicy() {
            var file = PolicyFile.read(Policies.write(folder, Policies.JUDGING));
            try (var own = LivePolicy.open(file, SockListener.NONE)) {
                application
                        .withBean(LivePolicy.class, () -> own)
                        .run(
                                context -> {
                                    assertThat(context.getBean(LivePolicy.class)).isSameAs(own);
                                    assertThat(context).doesNotHaveBean(PolicyFile.class);
                                });
            }
        }

        @Test
        @DisplayName("file that the application defines is put into force")
        void ownFile() {
            var file = PolicyFile.read(Policies.write(folder, Policies.JUDGING));
            application
                    .withBean(PolicyFile.class, () -> file)
                    .run(
                            context -> {
                                var policy = context.getBean(LivePolicy.class);
                                assertThat(policy.version().file()).isSameAs(file);
                            });
        }

        @Test
        @DisplayName("is not looked for if jsockmap.enabled is false")
        void disabled() {
            with("missing.yaml", "jsockmap.enabled=false")
                    .run(
                            context -> {
                                assertThat(context).hasNotFailed();
                                assertThat(context).doesNotHaveBean(SockmapProperties.class);
                                assertThat(context).doesNotHaveBean(LivePolicy.class);
                            });
        }

        @Test
        @DisplayName("is in force without any of the libraries that the starter works with")
        void alone() {
            with(Policies.write(folder, Policies.JUDGING))
                    .withClassLoader(
                            new FilteredClassLoader(
                                    "io.netty",
                                    "reactor",
                                    "io.micrometer",
                                    "io.jsockmap.netty",
                                    "io.jsockmap.micrometer",
                                    "org.springframework.boot.actuate",
                                    "org.springframework.boot.health",
                                    "org.springframework.boot.reactor",
                                    "org.springframework.boot.web",
                                    "org.springframework.web"))
                    .run(
                            context -> {
                                assertThat(context).hasSingleBean(LivePolicy.class);
                                var names = context.getBeanDefinitionNames();
                                assertThat(names)
                                        .filteredOn(name -> name.startsWith("sockmap"))
                                        .containsOnly("sockmapPolicy", "sockmapPolicyFile");
                            });
        }
    }

    @Nested
    class APolicyOfTheClassPath {
        private URLClassLoader jar(String policy, String object) throws IOException {
            var jar = folder.resolve("application.jar");
            try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
                out.putNextEntry(new JarEntry("policies/policy.yaml"));
                out.write(policy.getBytes());
                out.putNextEntry(new JarEntry(object));
                out.write(Files.readAllBytes(Policies.OBJECT));
            }
            return new URLClassLoader(
                    new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
        }

        @Test
        @DisplayName("is in force, from within a jar, with the object that it names")
        void jar() throws IOException {
            var policy = Policies.JUDGING.formatted("objects/judge.bpf.o");
            try (var loader = jar(policy, "policies/objects/judge.bpf.o")) {
                with("classpath:policies/policy.yaml")
                        .withClassLoader(loader)
                        .run(
                                context -> {
                                    var version = context.getBean(LivePolicy.class).version();
                                    assertThat(version.object().name()).contains("judge");
                                });
            }
        }

        @Test
        @DisplayName("is refused if its object is not there")
        void withoutObject() throws IOException {
            var policy = Policies.JUDGING.formatted("missing.bpf.o");
            try (var loader = jar(policy, "policies/judge.bpf.o")) {
                refuses(
                        with("classpath:policies/policy.yaml").withClassLoader(loader),
                        "names class path resource [policies/missing.bpf.o], which does not exist",
                        "jsockmap.enabled=false");
            }
        }

        @Test
        @DisplayName("takes no object from outside its folder")
        void outside() throws IOException {
            var policy = Policies.JUDGING.formatted("../judge.bpf.o");
            try (var loader = jar(policy, "judge.bpf.o")) {
                refuses(
                        with("classpath:policies/policy.yaml").withClassLoader(loader),
                        "../judge.bpf.o is outside the policy's folder",
                        "Mend the policy");
            }
        }

        @Test
        @DisplayName("is refused if there is none")
        void missing() {
            refuses(
                    with("classpath:nowhere.yaml"),
                    "The policy classpath:nowhere.yaml is refused: ENOENT",
                    "Mend the policy");
        }

        @Test
        @DisplayName("can't be watched")
        void watched() {
            refuses(
                    with("classpath:policy.yaml", "jsockmap.watch=true"),
                    "classpath:policy.yaml can't change",
                    "set jsockmap.watch=false");
        }
    }

    @Nested
    class TheApplicationDoesNotStart {
        @Test
        @DisplayName("if nothing says which policy")
        void unnamed() {
            refuses(application, "nothing says which policy", "Set jsockmap.policy");
        }

        @Test
        @DisplayName("if there is no such file")
        void missing() {
            refuses(with(folder.resolve("none.yaml")), "none.yaml: can't be read", "Mend");
        }

        @Test
        @DisplayName("if the policy is mistaken; its line is told")
        void mistaken() {
            var policy = Policies.write(folder, Policies.JUDGING + "inserts: []\n");
            refuses(with(policy), "policy.yaml:6: a policy has no inserts", "jsockmap policy FILE");
        }

        @Test
        @DisplayName("if the policy does not fit its object")
        void unfit() {
            var policy = Policies.write(folder, Policies.JUDGING + "keep: [nothing]\n");
            refuses(with(policy), "keep: nothing of http-policy", "jsockmap.enabled=false");
        }

        @Test
        @DisplayName("if the policy is no file")
        void noFile() {
            refuses(with("https://example.org/policy.yaml"), "expected a path, file:", "Mend");
        }
    }

    @Nested
    class AWatchedPolicy {
        @Test
        @DisplayName("is put into force anew when it is written")
        void written() {
            with(Policies.write(folder, Policies.JUDGING), "jsockmap.watch=true")
                    .run(
                            context -> {
                                var policy = context.getBean(LivePolicy.class);

                                Policies.write(folder, Policies.PERMISSIVE);

                                while (policy.version().number() < 2) Thread.onSpinWait();
                                assertThat(policy.version().file().insertions()).isEmpty();
                            });
        }

        @Test
        @DisplayName("is watched also where beans are made when they are needed")
        void lazily() {
            with(Policies.write(folder, Policies.JUDGING), "jsockmap.watch=true")
                    .withInitializer(
                            context ->
                                    context.addBeanFactoryPostProcessor(
                                            new org.springframework.boot.LazyInitializationBeanFactoryPostProcessor()))
                    .run(
                            context -> {
                                var factory = context.getSourceApplicationContext().getBeanFactory();
                                assertThat(factory.containsSingleton("sockmapPolicyWatcher")).isTrue();
                            });
        }
    }
}
