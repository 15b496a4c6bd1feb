package io.jsockmap.sockmap.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Sockets that carry messages keep their limits on every way through the engine. */
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"UDP", "UNIX_DATAGRAM"})
class DatagramTest extends NetworkTest {
    @Parameter private SocketKind kind;

    private UserObject object;
    private Connection source;
    private Connection target;

    @BeforeEach
    void load() {
        object = network.load("skb-edit");
        source = network.connected(kind);
        target = network.connected(kind);
        var targets = object.sockMap("targets");
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    private void verdict(char letter) {
        object.variable("verdict_is").set(letter);
    }

    private long runs() {
        return object.variable("runs").value();
    }

    private static void expect(Connection from, int most, String datagram) {
        assertThat(from.recv(most))
                .isInstanceOfSatisfying(
                        Ingress.Bytes.class,
                        read -> assertThat(Bytes.text(read.chunk().copy())).isEqualTo(datagram));
    }

    @Test
    @DisplayName("K14: the verdict runs once on each datagram, however long")
    void aRunForEachDatagram() {
        source.peer().sendsDatagram("one");
        source.peer().sendsDatagram(Bytes.pattern(60_000));

        assertThat(runs()).isEqualTo(2);
        assertThat(object.variable("len_before").value()).isEqualTo(60_000);
    }

    @Test
    @DisplayName("K32, F17: a read gives one datagram, and what it does not take is gone")
    void oneDatagramForARead() {
        for (var text : new String[] {"first", "second", "third"}) {
            source.peer().sendsDatagram(text);
        }

        expect(source, 100, "first");
        expect(source, 3, "sec");
        expect(source, 100, "third");
        assertThat(source.read(1)).isEqualTo(new Ingress.Nothing());
        assertThat(source.account().ingress().discarded()).as("cut off").isEqualTo(3);
    }

    @Test
    @DisplayName("K32, F17: so does a read of what was redirected in")
    void redirectedIn() {
        verdict('I');
        source.peer().sendsDatagram("first");
        source.peer().sendsDatagram("second");

        expect(target, 2, "fi");
        expect(target, 100, "second");
        assertThat(target.read(1)).isEqualTo(new Ingress.Nothing());
    }

    @Test
    @DisplayName("R20, F17: and natively, where no verdict runs")
    void natively() {
        target.peer().sendsDatagram("first");
        target.peer().sendsDatagram("second");

        expect(target, 2, "fi");
        expect(target, 100, "second");
        assertThat(target.account().receive().dropped()).as("cut off").isEqualTo(3);
    }

    @Test
    @DisplayName("R1, R20: what was redirected in comes before native datagrams, one for a read")
    void redirectedBeforeNative() {
        verdict('I');
        target.peer().sendsDatagram("native");
        source.peer().sendsDatagram("redirected");

        expect(target, 100, "redirected");
        expect(target, 100, "native");
    }

    @Test
    @DisplayName("K32, F17: on the way out a datagram leaves as one, that of 60000 bytes too")
    void leavesAsOne() {
        verdict('R');
        var large = Bytes.pattern(60_000);
        source.peer().sendsDatagram("small");
        source.peer().sendsDatagram(large);

        assertThat(target.peer().receivesDatagram()).isEqualTo("small");
        assertThat(target.peer().receivesDatagram()).isEqualTo(large);
        assertThat(target.peer().receivesDatagram()).isNull();
    }

    @Test
    @DisplayName(
            "K32, F41: an empty datagram that passes reads as 0 bytes, and those behind it follow")
    void emptyDatagramPasses() {
        source.peer().sendsDatagram("");
        source.peer().sendsDatagram("next");

        assertThat(runs()).isEqualTo(2);
        expect(source, 100, "");
        expect(source, 100, "next");
        assertThat(source.read(1)).isEqualTo(new Ingress.Nothing());
    }

    @Test
    @DisplayName("F41, F14: an empty datagram is redirected as one, and breaks no target")
    void emptyDatagramIsRedirected() {
        verdict('R');
        source.peer().sendsDatagram("");
        source.peer().sendsDatagram("next");
        assertThat(target.peer().receivesDatagram()).isEmpty();
        assertThat(target.peer().receivesDatagram()).isEqualTo("next");

        verdict('I');
        source.peer().sendsDatagram("");
        source.peer().sendsDatagram("next");
        expect(target, 9, "");
        expect(target, 9, "next");
    }

    @Test
    @DisplayName("K39, F41: a datagram that a program cut to nothing is an empty one")
    void cutToNothing() {
        object.variable("edit_op").set('T');
        source.peer().sendsDatagram("gone");
        object.variable("edit_op").set(0);
        source.peer().sendsDatagram("next");

        expect(source, 9, "");
        expect(source, 9, "next");
    }

    @Test
    @DisplayName("F41: empty datagrams that nobody reads are bounded")
    void emptyDatagramsAreBounded() {
        for (int i = 0; i < 2000; i++) target.peer().sendsDatagram("");

        int read = 0;
        while (target.recv(1) instanceof Ingress.Bytes) read++;

        assertThat(read).isEqualTo(1024);
        assertThat(network.losses())
                .hasSize(2000 - 1024)
                .allMatch("0 bytes: an empty datagram, behind too many others"::equals);
    }

    @Test
    @DisplayName("R7: a peek gives the first datagram, and leaves it")
    void peek() {
        source.peer().sendsDatagram("first");
        source.peer().sendsDatagram("second");
        assertThat(source.peeks(100)).isEqualTo("first");
        assertThat(source.peeks(2)).isEqualTo("fi");

        expect(source, 100, "first");
        expect(source, 100, "second");
    }

    @Test
    @DisplayName("R16, F20: available is the length of the first datagram, queued or native")
    void available() {
        source.peer().sendsDatagram("first");
        source.peer().sendsDatagram("second");
        assertThat(source.socket().available()).isEqualTo(5);
        expect(source, 1, "f");
        assertThat(source.socket().available()).isEqualTo(6);

        target.peer().sendsDatagram("native");
        assertThat(target.socket().available()).isEqualTo(6);
    }

    @Test
    @DisplayName("F36: a reader that waits for native datagrams is woken for redirected ones")
    void aWaitingReaderIsWoken() {
        verdict('I');
        assertThat(target.read(1)).isEqualTo(new Ingress.Nothing());
        int woken = target.readSignals();

        source.peer().sendsDatagram("redirected");

        assertThat(target.readSignals()).isGreaterThan(woken);
        expect(target, 100, "redirected");
    }

    @Test
    @DisplayName("F15: datagrams that came before the insertion are judged by it, one by one")
    void earlyDatagrams() {
        var early = network.connected(kind);
        early.peer().sendsDatagram("first");
        early.peer().sendsDatagram("");
        verdict('R');

        object.sockMap("targets").update(2, early.socket(), UpdateFlag.ANY);

        assertThat(runs()).isEqualTo(2);
        assertThat(target.peer().receivesDatagram()).isEqualTo("first");
        assertThat(target.peer().receivesDatagram()).isEmpty();
    }

    @Test
    @DisplayName("F2: removed from the map, unread datagrams stay in order and apart")
    void removal() {
        source.peer().sendsDatagram("passed");
        object.sockMap("targets").delete(1);
        source.peer().sendsDatagram("native");

        expect(source, 100, "passed");
        expect(source, 100, "native");
    }

    /** Streams beside datagrams. */
    @Nested
    class Mixed {
        private final Connection stream = network.accepted();

        @Test
        @DisplayName("K32: pieces of a stream arrive at a datagram target as messages of their own")
        void streamToDatagrams() {
            object.sockMap("targets").update(2, stream.socket(), UpdateFlag.ANY);
            verdict('I');

            stream.peer().sends("ab");

            // The test network delivers streams byte by byte.
            expect(target, 100, "a");
            expect(target, 100, "b");
        }

        @Test
        @DisplayName("F41: a piece of a stream that a program cut to nothing is no datagram")
        void emptiedStreamToDatagrams() {
            object.sockMap("targets").update(2, stream.socket(), UpdateFlag.ANY);
            object.variable("edit_op").set('T');
            for (char letter : new char[] {'I', 'R'}) {
                verdict(letter);
                stream.peer().sends("a");
            }

            assertThat(target.recv(1)).isEqualTo(new Ingress.Nothing());
            assertThat(target.peer().receivesDatagram()).isNull();
        }

        @Test
        @DisplayName("K32, F41: an empty datagram adds nothing to a stream")
        void datagramsToStream() {
            object.sockMap("targets").update(0, stream.socket(), UpdateFlag.ANY);
            verdict('I');

            source.peer().sendsDatagram("one, ");
            source.peer().sendsDatagram("");
            source.peer().sendsDatagram("two");

            assertThat(stream.reads()).isEqualTo("one, two");
            assertThat(stream.outcome()).isEqualTo(new Ingress.Nothing());
        }
    }
}
