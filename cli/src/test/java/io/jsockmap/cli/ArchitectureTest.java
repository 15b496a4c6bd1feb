package io.jsockmap.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.UserEngine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

/** The rooms of the project and the arrows between them, which point only downwards. */
class ArchitectureTest {
    private static final String OURS = "io.jsockmap.";

    /** Each room stands below those that use it, so there can be no circle. */
    private static final List<Room> ROOMS =
            List.of(
                    room("bpf"),
                    room("bpf.btf", "bpf"),
                    room("bpf.elf", "bpf"),
                    room("bpf.insn", "bpf"),
                    room("bpf.core", "bpf", "bpf.btf", "bpf.insn"),
                    room("bpf.memory", "bpf.insn"),
                    room("bpf.map", "bpf", "bpf.memory"),
                    room("bpf.program", "bpf", "bpf.btf", "bpf.insn", "bpf.memory", "bpf.map"),
                    room("bpf.helper", "bpf", "bpf.memory", "bpf.map", "bpf.program"),
                    room(
                            "bpf.interpreter",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program"),
                    // What compiled code calls; then what writes it.
                    room(
                            "bpf.compiler.runtime",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program"),
                    room(
                            "bpf.compiler.emit",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program",
                            "bpf.compiler.runtime"),
                    room(
                            "bpf.compiler",
                            "bpf",
                            "bpf.insn",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program",
                            "bpf.interpreter",
                            "bpf.compiler.runtime",
                            "bpf.compiler.emit"),
                    room("bpf.verifier.domain", "bpf.insn"),
                    room("bpf.verifier.rule", "bpf", "bpf.btf"),
                    room(
                            "bpf.verifier.state",
                            "bpf.insn",
                            "bpf.map",
                            "bpf.program",
                            "bpf.verifier.domain"),
                    room(
                            "bpf.verifier.flow",
                            "bpf",
                            "bpf.insn",
                            "bpf.program",
                            "bpf.verifier.rule"),
                    verifier("step", "domain", "rule", "state", "flow"),
                    // The format of bpf_snprintf is looked at by who prints by it.
                    verifier("call", "domain", "rule", "state", "flow", "step")
                            .alsoOn("bpf.helper"),
                    verifier("explore", "domain", "rule", "state", "flow", "step", "call"),
                    verifier("log", "domain", "rule", "state", "flow", "step", "explore"),
                    verifier("proof", "domain", "state", "flow", "step", "explore"),
                    verifier("explain", "rule", "flow", "log"),
                    room(
                            "bpf.verifier",
                            "bpf",
                            "bpf.insn",
                            "bpf.map",
                            "bpf.program",
                            "bpf.verifier.rule",
                            "bpf.verifier.state",
                            "bpf.verifier.flow",
                            "bpf.verifier.step",
                            "bpf.verifier.call",
                            "bpf.verifier.explore",
                            "bpf.verifier.log",
                            "bpf.verifier.proof",
                            "bpf.verifier.explain"),
                    room(
                            "bpf.object",
                            "bpf",
                            "bpf.btf",
                            "bpf.core",
                            "bpf.elf",
                            "bpf.insn",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program",
                            "bpf.verifier"),
                    room(
                            "sockmap.socket",
                            "bpf",
                            "bpf.btf",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program",
                            "bpf.interpreter"),
                    room(
                            "sockmap.map",
                            "bpf",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program",
                            "sockmap.socket"),
                    room(
                            "sockmap.program",
                            "bpf",
                            "bpf.btf",
                            "bpf.core",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program",
                            "bpf.helper",
                            "bpf.compiler",
                            "sockmap.socket",
                            "sockmap.map"),
                    room("sockmap.key", "bpf", "bpf.btf", "bpf.map", "sockmap.socket"),
                    room(
                            "sockmap",
                            "bpf",
                            "bpf.btf",
                            "bpf.core",
                            "bpf.map",
                            "bpf.program",
                            "bpf.compiler",
                            "bpf.object",
                            "sockmap.socket",
                            "sockmap.map",
                            "sockmap.program"),
                    // What people say of an object, in words.
                    room(
                            "sockmap.setup",
                            "bpf",
                            "bpf.btf",
                            "bpf.core",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "sockmap",
                            "sockmap.key",
                            "sockmap.map",
                            "sockmap.program"),
                    // Connections in memory, for who wants to play with programs.
                    room("sockmap.network", "bpf", "bpf.program", "sockmap", "sockmap.socket"),
                    // Policies for the sockets of other programs.
                    room("policy.yaml", "bpf", "sockmap.setup"),
                    room(
                            "policy",
                            "bpf",
                            "bpf.compiler",
                            "bpf.interpreter",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "policy.yaml",
                            "sockmap",
                            "sockmap.key",
                            "sockmap.map",
                            "sockmap.program",
                            "sockmap.setup",
                            "sockmap.socket"),
                    room("testkit.text"),
                    room("testkit.pcap", "bpf", "bpf.btf", "bpf.program", "sockmap.socket"),
                    // What tests and tools play on.
                    room(
                            "testkit.stage",
                            "bpf.map",
                            "bpf",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.interpreter",
                            "bpf.memory",
                            "bpf.object",
                            "bpf.program",
                            "sockmap",
                            "sockmap.key",
                            "sockmap.map",
                            "sockmap.network",
                            "sockmap.program",
                            "sockmap.setup",
                            "sockmap.socket"),
                    room(
                            "testkit.run",
                            "bpf.object",
                            "sockmap.network",
                            "testkit.text",
                            "bpf",
                            "bpf.btf",
                            "bpf.interpreter",
                            "bpf.map",
                            "bpf.program",
                            "sockmap",
                            "sockmap.map",
                            "sockmap.program",
                            "sockmap.socket",
                            "testkit.stage"),
                    room(
                            "testkit.scenario",
                            "policy.yaml",
                            "sockmap.program",
                            "testkit.text",
                            "bpf",
                            "bpf.btf",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "sockmap",
                            "sockmap.key",
                            "sockmap.map",
                            "sockmap.network",
                            "sockmap.setup",
                            "sockmap.socket",
                            "testkit.pcap",
                            "testkit.run",
                            "testkit.stage"),
                    room(
                            "testkit.junit",
                            "bpf",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "sockmap",
                            "sockmap.network",
                            "sockmap.setup",
                            "sockmap.socket",
                            "testkit.scenario",
                            "testkit.stage"),
                    room("testkit.lint.flow", "bpf.btf", "bpf.insn", "bpf.map", "bpf.program"),
                    room(
                            "testkit.lint",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "bpf.verifier",
                            "bpf.verifier.explain",
                            "bpf.verifier.rule",
                            "sockmap",
                            "sockmap.map",
                            "sockmap.program",
                            "testkit.lint.flow"),
                    room(
                            "testkit.record",
                            "testkit.text",
                            "bpf",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.map",
                            "bpf.memory",
                            "bpf.program",
                            "sockmap",
                            "sockmap.map",
                            "sockmap.program",
                            "sockmap.socket"),
                    room(
                            "testkit.trace",
                            "testkit.text",
                            "bpf",
                            "bpf.btf",
                            "bpf.program",
                            "sockmap.socket",
                            "testkit.record"),
                    room("testkit.source"),
                    room("testkit.cover", "bpf.btf", "bpf.insn", "bpf.program", "testkit.source"),
                    room(
                            "testkit.debug",
                            "testkit.text",
                            "bpf",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.interpreter",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "sockmap",
                            "sockmap.key",
                            "sockmap.map",
                            "sockmap.network",
                            "sockmap.program",
                            "sockmap.setup",
                            "sockmap.socket",
                            "testkit.record",
                            "testkit.scenario",
                            "testkit.source",
                            "testkit.trace"),
                    room(
                            "testkit.dap",
                            "testkit.text",
                            "bpf",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.program",
                            "testkit.debug",
                            "testkit.record",
                            "testkit.scenario",
                            "testkit.source",
                            "testkit.trace"),
                    // The system call; what is loaded by it; what it tells; the engine above.
                    room("kernel.call", "bpf"),
                    room(
                            "kernel.load",
                            "kernel.call",
                            "bpf",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.map",
                            "bpf.program",
                            "sockmap.map"),
                    room(
                            "kernel",
                            "kernel.call",
                            "kernel.load",
                            "bpf",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.map",
                            "bpf.program",
                            "sockmap.program"),
                    room("kernel.inspect", "kernel.call", "bpf", "bpf.map"),
                    room("kernel.channel", "kernel.call", "bpf"),
                    room(
                            "kernel.engine",
                            "kernel",
                            "kernel.call",
                            "kernel.channel",
                            "kernel.inspect",
                            "kernel.load",
                            "bpf",
                            "bpf.btf",
                            "bpf.core",
                            "bpf.map",
                            "bpf.memory",
                            "bpf.object",
                            "bpf.program",
                            "bpf.verifier",
                            "sockmap",
                            "sockmap.map",
                            "sockmap.program",
                            "sockmap.socket"),
                    room(
                            "kernel.doctor",
                            "kernel",
                            "kernel.call",
                            "kernel.channel",
                            "kernel.engine",
                            "kernel.load",
                            "bpf",
                            "bpf.map"),
                    room("nio", "bpf", "kernel.engine", "sockmap", "sockmap.socket"),
                    room("netty", "bpf", "sockmap", "sockmap.socket"),
                    room("provider", "bpf", "sockmap", "sockmap.socket"),
                    room("micrometer", "bpf", "bpf.program", "policy", "sockmap.socket"),
                    room("agent", "bpf", "bpf.program", "policy", "provider", "sockmap.socket"),
                    room(
                            "store",
                            "bpf",
                            "bpf.btf",
                            "bpf.map",
                            "bpf.object",
                            "sockmap",
                            "sockmap.key"),
                    room(
                            "spring",
                            "bpf",
                            "bpf.object",
                            "sockmap.setup",
                            "sockmap.socket",
                            "policy",
                            "micrometer",
                            "netty"),
                    room("proxy.carry", "sockmap.socket"),
                    room("proxy.epoll", "bpf", "sockmap", "sockmap.socket", "proxy.carry"),
                    room(
                            "proxy",
                            "sockmap.setup",
                            "proxy.carry",
                            "proxy.epoll",
                            "kernel.engine",
                            "bpf",
                            "bpf.btf",
                            "bpf.map",
                            "sockmap",
                            "sockmap.socket",
                            "sockmap.map",
                            "sockmap.key"),
                    // What is shown; how it comes to be known; how it is shown; who may see it.
                    room("dashboard.state", "sockmap.socket"),
                    room("dashboard.jfr", "bpf", "bpf.btf", "bpf.program", "sockmap.socket"),
                    room("dashboard.maps", "bpf", "bpf.btf", "bpf.map", "sockmap.map"),
                    room("dashboard.metrics", "dashboard.state"),
                    room(
                            "dashboard.collect",
                            "bpf",
                            "bpf.btf",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "sockmap",
                            "sockmap.map",
                            "sockmap.socket",
                            "proxy",
                            "dashboard.state",
                            "dashboard.metrics"),
                    room("dashboard.page", "dashboard.state", "dashboard.maps"),
                    room(
                            "dashboard.http",
                            "bpf.btf",
                            "bpf.map",
                            "bpf.object",
                            "sockmap",
                            "dashboard.state",
                            "dashboard.maps",
                            "dashboard.metrics",
                            "dashboard.collect",
                            "dashboard.page"),
                    room(
                            "dashboard",
                            "sockmap",
                            "sockmap.socket",
                            "dashboard.state",
                            "dashboard.collect",
                            "dashboard.http"),
                    room(
                            "control.inventory",
                            "bpf",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "sockmap",
                            "sockmap.map",
                            "sockmap.socket"),
                    room(
                            "control.command",
                            "bpf",
                            "bpf.btf",
                            "bpf.insn",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "sockmap.key",
                            "sockmap.map",
                            "control.inventory"),
                    room("control", "bpf", "control.inventory", "control.command"),
                    room(
                            "cli.bpftool",
                            "bpf",
                            "bpf.btf",
                            "bpf.core",
                            "bpf.interpreter",
                            "bpf.map",
                            "bpf.object",
                            "bpf.program",
                            "kernel.engine",
                            "kernel.inspect",
                            "sockmap",
                            "sockmap.map",
                            "control.inventory",
                            "control"),
                    room(
                            "cli",
                            "policy",
                            "bpf",
                            "bpf.btf",
                            "bpf.core",
                            "bpf.insn",
                            "bpf.memory",
                            "bpf.map",
                            "bpf.program",
                            "bpf.helper",
                            "bpf.interpreter",
                            "bpf.compiler",
                            "bpf.object",
                            "bpf.verifier",
                            "bpf.verifier.rule",
                            "bpf.verifier.explain",
                            "sockmap",
                            "sockmap.socket",
                            "sockmap.map",
                            "sockmap.program",
                            "sockmap.setup",
                            "sockmap.key",
                            "testkit.scenario",
                            "testkit.stage",
                            "testkit.run",
                            "testkit.lint",
                            "testkit.pcap",
                            "testkit.cover",
                            "testkit.dap",
                            "testkit.debug",
                            "testkit.record",
                            "testkit.source",
                            "testkit.trace",
                            "kernel",
                            "kernel.doctor",
                            "proxy",
                            "control.inventory",
                            "control",
                            "cli.bpftool",
                            "dashboard",
                            "dashboard.state",
                            "dashboard.collect",
                            "dashboard.jfr"));

    private static final List<String> MODULES =
            List.of(
                    "bpf",
                    "sockmap",
                    "testkit",
                    "kernel",
                    "policy",
                    "micrometer",
                    "store",
                    "nio",
                    "netty",
                    "provider",
                    "agent",
                    "proxy",
                    "control",
                    "dashboard",
                    "spring-boot-starter",
                    "cli");

    private static final JavaClasses CLASSES = imported("target/classes", MODULES);

    /** Those of kernel and testkit choose their engines themselves. */
    private static final JavaClasses TESTS =
            imported(
                    "target/test-classes",
                    List.of(
                            "bpf",
                            "sockmap",
                            "nio",
                            "netty",
                            "provider",
                            "proxy",
                            "control",
                            "dashboard",
                            "cli"));

    private static JavaClasses imported(String folder, List<String> modules) {
        return new ClassFileImporter()
                .importPaths(
                        modules.stream()
                                .map(module -> root().resolve(module).resolve(folder))
                                .toList());
    }

    record Room(String name, List<String> below) {
        Room alsoOn(String other) {
            return new Room(name, Stream.concat(below.stream(), Stream.of(other)).toList());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Room room(String name, String... below) {
        return new Room(name, List.of(below));
    }

    /** A part of the verifier that looks at programs and stands on those parts. */
    private static Room verifier(String name, String... parts) {
        var below =
                Stream.concat(
                        Stream.of(
                                "bpf",
                                "bpf.btf",
                                "bpf.insn",
                                "bpf.memory",
                                "bpf.map",
                                "bpf.program"),
                        Stream.of(parts).map(part -> "bpf.verifier." + part));
        return new Room("bpf.verifier." + name, below.toList());
    }

    private static Path root() {
        return Path.of(System.getProperty("jsockmap.root", ".."));
    }

    @Test
    void everyClassIsInARoom() {
        var rooms = ROOMS.stream().map(room -> OURS + room.name).toArray(String[]::new);
        classes().should().resideInAnyPackage(rooms).check(CLASSES);
        for (var room : ROOMS) {
            assertThat(CLASSES.that(resideInAPackage(OURS + room.name))).as(room.name).isNotEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void arrowsPointDownwards(Room room) {
        var above = ROOMS.subList(ROOMS.indexOf(room), ROOMS.size()).stream().map(Room::name);
        assertThat(room.below).doesNotContainAnyElementsOf(above.toList());

        var known =
                Stream.concat(Stream.of(room.name), room.below.stream())
                        .map(name -> OURS + name)
                        .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(OURS + room.name)
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage(OURS + ".")).or(resideInAnyPackage(known)))
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({
        "io.netty.., proxy netty spring store",
        "io.etcd.., store",
        "io.vertx.., store",
        "picocli.., cli..",
        // The demo has a server too.
        "com.sun.net.httpserver.., dashboard.http cli",
        "com.google.gson.., control.. cli cli.bpftool testkit.. dashboard.state dashboard.page",
        "io.prometheus.., dashboard.metrics",
        "jdk.jfr.., dashboard.jfr",
        "org.eclipse.lsp4j.., testkit.dap",
        "org.snakeyaml.., testkit.scenario policy.yaml",
        "io.micrometer.., micrometer spring store",
        "org.springframework.., spring",
        "org.junit.., testkit.junit",
        "java.nio.channels.., nio netty provider agent spring kernel.channel kernel.engine proxy"
                + " control"
    })
    void whatIsForFewRoomsOnly(String packages, String rooms) {
        var allowed = Stream.of(rooms.split(" ")).map(room -> OURS + room).toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packages)
                .check(CLASSES);
    }

    /** It is driven from outside, so that the same code runs under a simulator that owns time. */
    @Test
    void theStateMachineHasNeitherThreadsNorAClock() {
        noClasses()
                .that()
                .resideInAPackage(OURS + "sockmap..")
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.assignableTo(Executor.class)
                                .or(JavaClass.Predicates.assignableTo(ForkJoinPool.class))
                                .or(JavaClass.Predicates.assignableTo(Clock.class))
                                .or(JavaClass.Predicates.type(Thread.class)))
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    /** Each suite runs once for each engine, so no test may choose one for itself. */
    @Test
    void testsRunProgramsOnTheEngineUnderTest() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Engines")
                .and()
                // Examples, as people write them.
                .resideOutsideOfPackage(OURS + "*.examples..")
                .and()
                .areNotAssignableTo(ArchitectureTest.class)
                // These are about one of them.
                .and()
                .resideOutsideOfPackage(OURS + "bpf.compiler..")
                .should()
                .callConstructor(Interpreter.class)
                .orShould()
                .callConstructor(Interpreter.class, long.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(CompilingMachine.class)
                .orShould()
                .callMethod(UserEngine.class, "open")
                .orShould()
                .callMethod(SockmapEngine.class, "user")
                .orShould()
                .accessField(UserEngine.Settings.class, "DEFAULT")
                .check(TESTS);
        assertThat(TESTS.that(simpleName("Engines"))).hasSize(9);
    }

    @Test
    void onlyTheCommandLineSpeaksToTheTerminal() {
        noClasses()
                .that()
                // An agent has nothing else to say it by.
                .resideOutsideOfPackages(OURS + "cli..", OURS + "agent")
                .should(ACCESS_STANDARD_STREAMS)
                .orShould(USE_JAVA_UTIL_LOGGING)
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        // A helper is what a BPF program calls.
        noClasses()
                .that()
                .doNotHaveSimpleName("Helper")
                .and()
                .doNotHaveSimpleName("RedirectHelper")
                .should()
                .haveNameMatching(".*(Utils?|Helper|Manager|Impl)")
                .check(CLASSES);
    }
}
