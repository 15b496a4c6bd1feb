package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.policy.PolicyWatcher;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
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
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (_, _, _) -> {}) // Some want a factory of beans.
                .stream()
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
        @DisplayName("of a path is in force")
        void path() {
            with(Policies.write(folder, Policies.JUDGING))
                    .run(
                            context -> {
                                var version = context.getBean(LivePolicy.class).version();
                                assertThat(version.number()).isEqualTo(1);
                                assertThat(version.file().name()).isEqualTo("gateway");
                                assertThat(context).doesNotHaveBean(PolicyWatcher.class);
                            });
        }

        @Test
        @DisplayName("resets its sockets when the application ends")
        void closed() {
            var socket = new AtomicReference<Sock>();
            with(Policies.write(folder, Policies.JUDGING))
                    .run(context -> socket.set(accepted(context.getBean(LivePolicy.class))));

            assertThat(socket.get().isAborting()).isTrue();
        }

        private static Sock accepted(LivePolicy policy) {
            var host = InetAddress.getLoopbackAddress();
            var addresses =
                    new Addresses(
                            new InetSocketAddress(host, 8080), new InetSocketAddress(host, 4000));
            return policy.accepted(addresses, Transport.NONE).orElseThrow();
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
            return new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
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
        @DisplayName("if the object is damaged")
        void damaged() throws IOException {
            Files.writeString(folder.resolve("damaged.bpf.o"), "no object");
            var policy = Policies.write(folder, Policies.JUDGING, "damaged.bpf.o");
            refuses(with(policy), "The policy gateway is refused: ", "Mend");
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
        @Timeout(60)
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
                                            new LazyInitializationBeanFactoryPostProcessor()))
                    .run(
                            context -> {
                                var factory =
                                        context.getSourceApplicationContext().getBeanFactory();
                                assertThat(factory.containsSingleton("sockmapPolicyWatcher"))
                                        .isTrue();
                            });
        }
    }
}
