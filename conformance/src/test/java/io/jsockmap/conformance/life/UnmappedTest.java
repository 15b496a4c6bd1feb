package io.jsockmap.conformance.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.conformance.lab.WithoutTraffic;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** Channels that are in no map: what they promise, on every engine. */
@EngineTest
@WithoutTraffic
class UnmappedTest {
    enum Kind {
        ACCEPTED,
        CONNECTED,
        IPV6,
        UNIX;

        Stream open(Lab lab) throws IOException {
            return switch (this) {
                case ACCEPTED -> lab.tcp();
                case CONNECTED -> lab.connectedTcp();
                case IPV6 -> lab.tcp6();
                case UNIX -> lab.unix();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R1: bytes go both ways")
    void bothWays(Kind kind, Lab lab) throws Exception {
        var connection = kind.open(lab);

        connection.sends("out");
        connection.farSends("in");

        connection.farReceives("out");
        connection.receives("in");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the end of the own stream leaves the other direction as it was")
    void ownEnd(Kind kind, Lab lab) throws Exception {
        var connection = kind.open(lab);

        connection.near().shutdownOutput();

        connection.farReceivesEnd();
        connection.farSends("in");
        connection.receives("in");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S35: a send behind the own end gives EPIPE")
    void sendBehindTheEnd(Kind kind, Lab lab) throws Exception {
        var connection = kind.open(lab);

        connection.near().shutdownOutput();

        connection.sendFails("late", Errno.EPIPE);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R4: the peer's end comes behind its bytes, and stays")
    void peersEnd(Kind kind, Lab lab) throws Exception {
        var connection = kind.open(lab);

        connection.farSends("last words");
        connection.farShutsDown();

        connection.receives("last words");
        connection.receivesEnd();
        connection.receivesEnd();
        connection.sends("answer");
        connection.farReceives("answer");
    }

    @Test
    @DisplayName("R4: a reset is told to the reader")
    void reset(Lab lab) throws Exception {
        var connection = lab.tcp();

        connection.farResets();

        connection.receiveFails(Errno.ECONNRESET);
    }

    @Test
    @DisplayName("R7: a peek leaves what it sees")
    void peek(Lab lab) throws Exception {
        var connection = lab.tcp();
        connection.farSends("bytes");

        var seen = ByteBuffer.allocate(1);
        Waiting.within(() -> connection.near().peek(seen));

        assertThat(Stream.text(seen.flip())).isEqualTo("b");
        connection.receives("bytes");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R16: what can be read is counted")
    void available(Kind kind, Lab lab) throws Exception {
        var connection = kind.open(lab);

        connection.farSends("bytes");

        Waiting.until(() -> connection.near().available() == 5);
        connection.receives("by");
        assertThat(connection.near().available()).isEqualTo(3);
    }

    @Test
    @DisplayName("R2: a channel that does not block reads 0 where there is nothing")
    void nothingYet(Lab lab) throws Exception {
        var connection = lab.tcp();
        connection.near().configureBlocking(false);

        assertThat(connection.near().read(ByteBuffer.allocate(1))).isZero();
    }

    @Test
    @DisplayName("R9: a buffer without room takes 0 bytes")
    void noRoom(Lab lab) throws Exception {
        var connection = lab.tcp();
        connection.farSends("bytes");

        assertThat(connection.near().read(ByteBuffer.allocate(0))).isZero();
        connection.receives("bytes");
    }

    @Test
    @DisplayName("S8: a send of nothing sends nothing")
    void emptySend(Lab lab) throws Exception {
        var connection = lab.tcp();

        assertThat(connection.send("")).isZero();

        connection.sends("something");
        connection.farReceives("something");
    }

    @Test
    @DisplayName("writes of several buffers arrive in order")
    void gathered(Lab lab) throws Exception {
        var connection = lab.tcp();
        ByteBuffer[] parts = {
            ByteBuffer.wrap(Stream.bytes("one ")),
            ByteBuffer.allocate(0),
            ByteBuffer.wrap(Stream.bytes("two"))
        };

        assertThat(Waiting.within(() -> connection.near().write(parts))).isEqualTo(7);

        connection.farReceives("one two");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a channel that is closed is closed to both ends")
    void close(Kind kind, Lab lab) throws Exception {
        var connection = kind.open(lab);

        connection.near().close();
        connection.near().close();

        connection.farReceivesEnd();
        assertThat(connection.near().isOpen()).isFalse();
        assertThatThrownBy(() -> connection.send("late"))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> connection.near().read(ByteBuffer.allocate(1)))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    @DisplayName("a reader that waits finds that the channel is closed")
    void closedUnderAReader(Lab lab) throws Exception {
        var connection = lab.tcp();
        var reading = Waiting.start(() -> connection.near().read(ByteBuffer.allocate(1)));

        connection.near().close();

        assertThatThrownBy(() -> Waiting.result(reading))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    @DisplayName("an abort resets the peer")
    void abort(Lab lab) throws Exception {
        var connection = lab.tcp();

        connection.near().abort();

        assertThatThrownBy(connection::farReceivesEnd).hasMessageContaining("Connection reset");
    }

    @Test
    @DisplayName("datagrams go both ways, each by itself")
    void datagrams(Lab lab) throws Exception {
        var udp = lab.udp();

        udp.sends("one");
        udp.sends("two");
        udp.farSends("three");
        udp.farSends("four");

        udp.farReceives("one");
        udp.farReceives("two");
        udp.receives("three");
        udp.receives("four");
    }

    @Test
    @DisplayName("of a datagram, what does not fit is gone")
    void cutDatagram(Lab lab) throws Exception {
        var udp = lab.udp();
        udp.farSends("too long");
        udp.farSends("next");

        var small = ByteBuffer.allocate(3);
        Waiting.within(() -> udp.near().read(small));

        assertThat(Stream.text(small.flip())).isEqualTo("too");
        udp.receives("next");
    }

    @Test
    @DisplayName("sockets have cookies of their own")
    void cookies(Lab lab) throws Exception {
        var one = lab.tcp().socket();
        var other = lab.udp().socket();

        assertThat(one.cookie()).isPositive().isNotEqualTo(other.cookie());
    }
}
