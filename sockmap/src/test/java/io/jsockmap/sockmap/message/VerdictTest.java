package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.drop;
import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** What a verdict does, and what a program may do to the bytes it judges. */
@ParameterizedClass
@EnumSource(Delivery.class)
class VerdictTest extends ScriptTest {
    private static final String TEXT = "0123456789";

    VerdictTest(Delivery delivery) {
        super(delivery);
    }

    @Test
    @DisplayName("S2, S3: the receiver sees a program's writes; the sender's buffer does not")
    void writesReachTheReceiverAlone() {
        script.plays(run().store(0, 'x').pull(0, 10).store(9, 'y'));
        var buffer = ByteBuffer.wrap(Bytes.of(TEXT));

        source.sends(buffer).succeeds();

        assertThat(source.peer().received()).isEqualTo("x12345678y");
        assertThat(Bytes.text(buffer.array())).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("S3: what the sender does to its buffer afterwards reaches nobody")
    void theBufferIsTheSendersAgain() {
        script.plays(run().redirectIn(0), run().cork(20), run());
        var redirected = Bytes.of(TEXT);
        var held = Bytes.of(TEXT);

        source.sends(ByteBuffer.wrap(redirected)).succeeds();
        source.sends(ByteBuffer.wrap(held)).succeeds();
        redirected[0] = 'x';
        held[0] = 'x';
        source.sends(TEXT).succeeds();

        assertThat(target.reads()).isEqualTo(TEXT);
        assertThat(source.peer().received()).isEqualTo(TEXT + TEXT);
    }

    @Test
    @DisplayName("S8: a send of nothing returns 0 and runs nothing, in one buffer or in several")
    void nothing() {
        script.plays(drop());

        assertThat(source.sends("").accepted()).isZero();
        source.sends().succeeds();
        source.sends(ByteBuffer.allocate(0), ByteBuffer.allocate(0)).succeeds();

        assertThat(script.runs()).isEmpty();
    }

    @Test
    @DisplayName("S13, S36: one run for each send, without a flag that could hold it back")
    void oneRunForEachSend() {
        script.plays(run());

        source.sends("a").succeeds();
        source.sends("bc").succeeds();
        source.sends(ByteBuffer.wrap(Bytes.of("de")), ByteBuffer.wrap(Bytes.of("f"))).succeeds();

        assertThat(script.sizes()).containsExactly(1, 2, 3);
        assertThat(source.peer().received()).isEqualTo("abcdef");
    }

    @ParameterizedTest
    @DisplayName("S10, P21, D3: any value but SK_PASS drops, a chosen target too")
    @ValueSource(ints = {0, 2, 3, -1, 100, Integer.MAX_VALUE})
    void anyOtherValueDrops(int verdict) {
        script.plays(run().returns(verdict), run().redirect(0).returns(verdict));

        source.sends(TEXT).failsWith(Errno.EACCES);
        source.sends(TEXT).failsWith(Errno.EACCES);

        assertThat(source.peer().received() + target.peer().received() + target.reads()).isEmpty();
        assertThat(source.account().send().dropped()).isEqualTo(20);
    }

    @Test
    @DisplayName("S10, D3: a redirect is a choice, and SK_PASS makes it count")
    void redirectIsAChoice() {
        script.plays(run().redirect(0).returns(1), run().redirectIn(0).returnsLast());

        source.sends("out").succeeds();
        source.sends("in").succeeds();

        assertThat(target.peer().received()).isEqualTo("out");
        assertThat(target.reads()).isEqualTo("in");
    }

    @Test
    @DisplayName("S11: the last choice that succeeded counts; a failed one records nothing")
    void theLastSuccessWins() {
        var other = network.accepted();
        script.aims(1, other);
        script.plays(
                run().redirect(0).redirectIn(1),
                run().redirect(0).redirect(7),
                run().redirect(0).redirectIn(1).flags(3));

        source.sends("first").succeeds();
        source.sends("second").succeeds();
        source.sends("third").succeeds();

        assertThat(other.reads()).isEqualTo("first");
        assertThat(target.peer().received()).isEqualTo("secondthird");
        assertThat(script.runs().get(1).results()).containsExactly(1L, 0L);
        assertThat(script.runs().get(2).results()).containsExactly(1L, 0L);
    }

    @ParameterizedTest
    @DisplayName("S11: no entry, or an index beyond the map, is SK_DROP")
    @CsvSource({"7", "8", "-1"})
    void noEntry(int key) {
        script.plays(run().redirect(key).returnsLast(), run().redirectByHash(key, 0).returnsLast());

        source.sends(TEXT).failsWith(Errno.EACCES);
        source.sends(TEXT).failsWith(Errno.EACCES);

        assertThat(script.runs()).allMatch(run -> run.results().equals(List.of(0L)));
    }

    /** Transport of sockets whose traffic nobody carries. */
    private Sock opened(SocketKind kind, SocketAddress local, SocketAddress remote) {
        return network.opened(new Addresses(kind, local, remote)).socket();
    }

    @Test
    @DisplayName("S11, X1: egress to a target that is not TCP is SK_DROP, ingress is not")
    void targetsThatAreNotTcp() {
        var path = UnixDomainSocketAddress.of("/peer");
        var stream = opened(SocketKind.UNIX_STREAM, path, path);
        script.targets().update(1, stream, UpdateFlag.ANY);
        script.plays(run().redirect(1).returnsLast(), run().redirectIn(1).returnsLast());

        source.sends(TEXT).failsWith(Errno.EACCES);
        source.sends(TEXT).succeeds();

        assertThat(stream.available()).isEqualTo(10);
    }

    @Test
    @DisplayName("S11: a target that is not connected is SK_DROP in both directions")
    void targetWithoutPeer() {
        var datagrams = opened(SocketKind.UDP, new InetSocketAddress(53), null);
        script.targets().update(1, datagrams, UpdateFlag.ANY);
        script.plays(run().redirect(1).returnsLast(), run().redirectIn(1).returnsLast());

        source.sends(TEXT).failsWith(Errno.EACCES);
        source.sends(TEXT).failsWith(Errno.EACCES);
    }

    @ParameterizedTest
    @DisplayName("S11, X2: a vsock target is SK_DROP in both directions")
    @EnumSource(names = {"VSOCK_STREAM", "VSOCK_SEQPACKET"})
    void vsockTarget(SocketKind kind) {
        var path = UnixDomainSocketAddress.of("/peer");
        script.targets().update(1, opened(kind, path, path), UpdateFlag.ANY);
        script.plays(run().redirect(1).returnsLast(), run().redirectIn(1).returnsLast());

        source.sends(TEXT).failsWith(Errno.EACCES);
        source.sends(TEXT).failsWith(Errno.EACCES);
    }

    @Test
    @DisplayName("S12, F4: a choice is forgotten with its run; a later run of the message has none")
    void aChoiceDoesNotLeakIntoTheNextRun() {
        script.plays(run().redirect(0).apply(4), run());

        source.sends(TEXT).succeeds();

        assertThat(target.peer().received()).isEqualTo("0123");
        assertThat(source.peer().received()).isEqualTo("456789");
    }

    @Test
    @DisplayName("S12, F4: nor does a choice of the run that corked")
    void aChoiceDoesNotOutliveACork() {
        script.plays(run().redirect(0).cork(20), run());

        source.sends(TEXT).succeeds();
        source.sends(TEXT).succeeds();

        assertThat(target.peer().received()).isEmpty();
        assertThat(source.peer().received()).isEqualTo(TEXT + TEXT);
    }

    @Test
    @DisplayName("S37: sockets of IPv4 and IPv6 are each other's targets")
    void familiesMix() {
        var six = network.connected(Network.addresses("::1", 4000, "::2", 80));
        script.senders().update(1, six.socket(), UpdateFlag.ANY);
        script.aims(1, six);
        script.aims(2, source);
        script.plays(
                run().redirect(1), run().redirectIn(1), run().redirect(2), run().redirectIn(2));

        sends(source, "to egress of 6", "to ingress of 6");
        sends(six, "to egress of 4", "to ingress of 4");

        assertThat(six.peer().received()).isEqualTo("to egress of 6");
        assertThat(six.reads()).isEqualTo("to ingress of 6");
        assertThat(source.peer().received()).isEqualTo("to egress of 4");
        assertThat(source.reads()).isEqualTo("to ingress of 4");
    }

    private static void sends(Connection from, String... texts) {
        for (var text : texts) from.sends(text).succeeds();
    }
}
