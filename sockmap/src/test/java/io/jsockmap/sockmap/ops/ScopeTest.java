package io.jsockmap.sockmap.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.Scope;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.TcpState;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.TreeMap;

/** Scopes are our cgroups: they nest, and a program hears of the sockets in and within its own. */
@DisplayName("O1: scopes")
class ScopeTest extends NetworkTest {
    private static final Addresses ENDS = Network.addresses("10.0.0.1", 1234, "10.0.0.2", 80);

    /** The decimal digits of the programs that ran, in their order. */
    private final ArrayMap log = new ArrayMap(MapDefinition.of("log", MapType.ARRAY, 4, 8, 1));

    /** A program that appends a digit to the log when a connection is there. */
    private Program writing(int digit) {
        var text =
                """
                r1 = *(u32 *)(r1 + 0)
                r0 = 1
                if r1 != 4 goto +11
                *(u32 *)(r10 - 4) = 0
                r1 = map[fd:0]
                r2 = r10
                r2 += -4
                call 1
                if r0 == 0 goto +4
                r1 = *(u64 *)(r0 + 0)
                r1 *= 10
                r1 += %d
                *(u64 *)(r0 + 0) = r1
                r0 = 1
                exit
                """
                        .formatted(digit);
        List<BpfMap> maps = List.of(log);
        var code = Assembler.assemble(text);
        return new Program("write", SocketPrograms.SOCK_OPS, code, maps, new TreeMap<>());
    }

    private long written() {
        return Bytes.number(log.lookup(Bytes.u32(0)).orElseThrow());
    }

    @Test
    @DisplayName(
            "the programs of a socket's own scope run first, those of the scopes around it follow")
    void innermostFirst() {
        var outer = network.engine().scope("outer");
        var inner = outer.scope("inner");
        network.engine().attach(writing(1));
        outer.attach(writing(2));
        inner.attach(writing(3));

        inner.connected(ENDS, new Quiet());

        assertThat(written()).isEqualTo(321);
    }

    @Test
    @DisplayName("programs of one scope run in the order in which they were attached")
    void orderOfAttachment() {
        network.engine().attach(writing(1));
        network.engine().attach(writing(2));
        network.engine().attach(writing(3));

        network.connected();

        assertThat(written()).isEqualTo(123);
    }

    @Test
    @DisplayName("a program hears nothing of scopes beside and around its own")
    void siblings() {
        network.engine().scope("left").attach(writing(1));
        network.engine().scope("left").scope("inner").attach(writing(2));
        network.engine().scope("right").attach(writing(3));

        network.engine().scope("left").connected(ENDS, new Quiet());

        assertThat(written()).isEqualTo(1);
    }

    @Test
    @DisplayName("a program hears of the connections that come after it was attached")
    void attachedLater() {
        var scope = network.engine().scope("s");
        network.engine().attach(writing(1));
        scope.connected(ENDS, new Quiet());
        assertThat(written()).isEqualTo(1);

        scope.attach(writing(2));
        scope.connected(ENDS, new Quiet());

        assertThat(written()).isEqualTo(121);
    }

    @Test
    @DisplayName("of a scope's sockets, changes of state are told in it and around it")
    void stateChanges() {
        var options =
                LoadOptions.DEFAULT.withVariable("flags_op", 5).withVariable("wanted_flags", 4);
        var scope = network.engine().scope("s");
        var inside = Trace.in(network, options);
        var around = Trace.in(network);
        var beside = Trace.in(network);
        scope.attach(inside.program());
        network.engine().attach(around.program());
        network.engine().scope("other").attach(beside.program());

        scope.accepted(ENDS, new Quiet()).receivedEnd();

        assertThat(inside.changes()).containsExactly("3-1", "1-8");
        assertThat(around.changes()).containsExactly("3-1", "1-8");
        assertThat(beside.events()).isEmpty();
    }

    @Test
    @DisplayName("listening and connecting sockets belong to a scope as well")
    void allWaysIn() {
        var scope = network.engine().scope("s");
        var trace = Trace.in(network);
        scope.attach(trace.program());
        var listening = scope.listening(new Addresses(SocketKind.TCP, ENDS.local(), null));

        scope.accepted(listening, ENDS, new Quiet());
        scope.connecting(ENDS, new Quiet()).established();

        assertThat(trace.ops()).containsExactly(11, 2, 1, 6, 5, 3, 2, 1, 6, 4);
        assertThat(network.engine().sockets()).contains(listening);
    }

    @Test
    @DisplayName("M30: a program of a scope puts the sockets of that scope into a map")
    void insertsItsOwn() {
        var slots = new UserSockMap(MapDefinition.of("slots", MapType.SOCKMAP, 4, 8, 1));
        var text =
                """
                *(u32 *)(r10 - 4) = 0
                r2 = map[fd:0]
                r3 = r10
                r3 += -4
                r4 = 0
                call 53
                r0 = 1
                exit
                """;
        List<BpfMap> maps = List.of(slots);
        network.engine()
                .scope("s")
                .attach(
                        new Program(
                                "insert",
                                SocketPrograms.SOCK_OPS,
                                Assembler.assemble(text),
                                maps,
                                new TreeMap<>()));

        network.connected();
        assertThat(slots.size()).isZero();
        var socket = network.engine().scope("s").connected(ENDS, new Quiet());

        assertThat(slots.socket(0)).contains(socket);
    }

    @Test
    @DisplayName("other kinds than TCP can be opened in a scope, and no program hears of them")
    void otherKinds() {
        var scope = network.engine().scope("s");
        var trace = Trace.in(network);
        scope.attach(trace.program());

        var socket =
                scope.opened(
                        new Addresses(SocketKind.UDP, ENDS.local(), ENDS.remote()), new Quiet());

        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(trace.events()).isEmpty();
    }

    @Test
    @DisplayName(
            "a program that is attached twice runs twice; closing one attachment twice takes one"
                    + " away")
    void attachedTwice() {
        var program = writing(7);
        var first = network.engine().attach(program);
        network.engine().attach(program);

        first.close();
        first.close();
        network.connected();

        assertThat(written()).isEqualTo(7);
    }

    @Test
    @DisplayName("P2: a scope takes sock_ops programs only")
    void wrongType() {
        var msg = network.load("msg-verdict").program("judge");
        var scope = network.engine().scope("s");

        assertThatThrownBy(() -> scope.attach(msg))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("EINVAL");
    }

    @Test
    void aNameMeansOneScopeAndAPath() {
        Scope scope = network.engine().scope("web");

        assertThat(network.engine().root().scope("web")).isSameAs(scope);
        assertThat(scope.scope("api")).isSameAs(scope.scope("api")).isNotSameAs(scope);
        assertThat(scope.scope("api")).hasToString("/web/api/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "/"})
    void namesWithoutSlashes(String name) {
        assertThatThrownBy(() -> network.engine().scope(name))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
