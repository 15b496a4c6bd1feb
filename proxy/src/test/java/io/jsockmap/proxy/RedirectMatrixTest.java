package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.proxy.RealSockets.Kind;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Every program and direction, from every kind of socket to every other, over real sockets of the
 * platform. Prints what it found as a table.
 */
@Timeout(120)
@DisplayName("X1, X2, X5, S11, S37, K19, K34, C11: the redirect matrix over real sockets")
class RedirectMatrixTest {
    private static final Path PROGRAMS =
            Loopback.root().resolve("sockmap/src/test/resources/programs");

    private static final String MESSAGE = "Where am I going?";

    private static final List<String> COLUMNS =
            List.of("tcp", "udp", "u_str", "u_dgr", "v_str", "v_seq");

    /** What comes of it: it arrives, the helper says SK_DROP, or the program never runs. */
    enum Outcome {
        yes,
        drop,
        never
    }

    /** Section 8 of the contract: program, direction, source, and a column for each target. */
    private static final Map<String, List<Outcome>> EXPECTED = new TreeMap<>();

    static {
        expect("sk_msg egress tcp", "yes drop drop drop drop drop");
        expect("sk_msg ingress tcp", "yes yes yes yes drop drop");
        for (var source : List.of("udp", "u_str", "u_dgr", "v_str", "v_seq")) {
            expect("sk_msg egress " + source, "never never never never never never");
            expect("sk_msg ingress " + source, "never never never never never never");
        }
        for (var source : COLUMNS) {
            expect("sk_skb egress " + source, "yes yes yes yes yes yes");
            expect("sk_skb ingress " + source, "yes yes yes yes drop drop");
        }
    }

    private static void expect(String row, String outcomes) {
        EXPECTED.put(row, Arrays.stream(outcomes.split(" ")).map(Outcome::valueOf).toList());
    }

    /** A cell of the matrix. */
    record Cell(String program, String direction, Kind source, Kind target) {
        Outcome expected() {
            return EXPECTED.get("%s %s %s".formatted(program, direction, source.name))
                    .get(COLUMNS.indexOf(target.name));
        }

        boolean toIngress() {
            return direction.equals("ingress");
        }

        @Override
        public String toString() {
            return "%s %s, %s -> %s".formatted(program, direction, source, target);
        }
    }

    private static RealSockets sockets;
    private static final Map<String, Map<Kind, String>> FOUND = new LinkedHashMap<>();
    private static final Map<Kind, String> SKIPPED = new TreeMap<>();

    @BeforeAll
    static void begin() {
        sockets = new RealSockets();
    }

    @AfterAll
    static void print() {
        sockets.close();
        System.out.printf("%-29s", "program, direction, source");
        for (var kind : Kind.values()) System.out.printf(" %-15s", kind);
        System.out.println();
        FOUND.forEach(
                (row, cells) -> {
                    System.out.printf("%-29s", row);
                    for (var kind : Kind.values()) System.out.printf(" %-15s", cells.get(kind));
                    System.out.println();
                });
        SKIPPED.forEach((kind, reason) -> System.out.printf("%s: %s%n", kind, reason));
    }

    static Stream<Cell> cells() {
        return Stream.of("sk_msg egress", "sk_msg ingress", "sk_skb egress", "sk_skb ingress")
                .map(row -> row.split(" "))
                .flatMap(
                        row ->
                                Stream.of(Kind.values())
                                        .flatMap(
                                                source ->
                                                        Stream.of(Kind.values())
                                                                .map(
                                                                        target ->
                                                                                new Cell(
                                                                                        row[0],
                                                                                        row[1],
                                                                                        source,
                                                                                        target))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void aMessageGoesWhereTheTableSays(Cell cell) throws Exception {
        try (var engine = Engines.open();
                var target = open(cell.target, engine);
                var source = open(cell.source, engine)) {
            insert(engine, cell, source, target);
            if (cell.program.equals("sk_msg")) send(cell, source, target);
            else receive(cell, source, target);
            note(cell, cell.expected().name());
        } catch (TestAbortedException e) {
            note(cell, "-");
            throw e;
        }
    }

    private static RealSocket open(Kind kind, UserEngine engine) throws Exception {
        try {
            return sockets.open(kind, engine);
        } catch (TestAbortedException e) {
            SKIPPED.put(kind, e.getMessage());
            throw e;
        }
    }

    private static void note(Cell cell, String found) {
        var row = "%s %s %s".formatted(cell.program, cell.direction, cell.source);
        FOUND.computeIfAbsent(row, _ -> new TreeMap<>()).put(cell.target, found);
    }

    /** The source has the program, the target has none: a map's programs are of its insertion. */
    private static void insert(UserEngine engine, Cell cell, RealSocket source, RealSocket target) {
        var object = load(engine, cell.toIngress() ? 1 : 0);
        var targets = object.sockMap("targets");
        targets.update(0, target.socket(), UpdateFlag.NOEXIST);
        if (cell.program.equals("sk_msg")) {
            targets.attach(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        } else {
            targets.attach(object.program("skb_map"), AttachType.SK_SKB_STREAM_VERDICT);
        }
        targets.update(1, source.socket(), UpdateFlag.NOEXIST);
    }

    private static UserObject load(UserEngine engine, long flags) {
        var options = LoadOptions.DEFAULT.withVariable("redirect_flags", flags);
        return engine.load(ObjectReader.read(PROGRAMS.resolve("flags.bpf.o")), options);
    }

    private static void send(Cell cell, RealSocket source, RealSocket target) throws Exception {
        switch (cell.expected()) {
            case yes -> {
                source.send(MESSAGE);
                assertThat(arrived(cell, target)).isEqualTo(MESSAGE);
            }
            case drop ->
                    assertThatThrownBy(() -> source.send(MESSAGE))
                            .hasMessageContaining(Errno.EACCES.name());
            case never -> {
                source.send(MESSAGE);
                assertThat(source.peerRead(MESSAGE.length())).isEqualTo(MESSAGE);
            }
        }
        long redirected = cell.expected() == Outcome.yes ? MESSAGE.length() : 0;
        assertThat(source.socket().account().send().redirected()).isEqualTo(redirected);
    }

    private static void receive(Cell cell, RealSocket source, RealSocket target) throws Exception {
        source.peerSend(MESSAGE);
        if (cell.expected() == Outcome.yes) {
            assertThat(arrived(cell, target)).isEqualTo(MESSAGE);
            assertThat(source.socket().account().receive().redirected())
                    .isEqualTo(MESSAGE.length());
        } else {
            awaitDropped(source);
        }
        assertThat(source.socket().available()).isZero();
    }

    private static String arrived(Cell cell, RealSocket target) throws Exception {
        int length = MESSAGE.length();
        return cell.toIngress() ? target.read(length) : target.peerRead(length);
    }

    private static void awaitDropped(RealSocket source) {
        while (source.socket().account().receive().dropped() < MESSAGE.length()) {
            assertThat(Thread.interrupted()).as("nothing is dropped").isFalse();
            Thread.onSpinWait();
        }
    }
}
