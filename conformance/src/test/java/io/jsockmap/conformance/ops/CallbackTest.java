package io.jsockmap.conformance.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Needs;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.Capability;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which callbacks a connection makes, in which order, and what they see of it. */
@EngineTest
class CallbackTest {
    @Test
    @DisplayName("O2: a connection that is asked for makes 3, 2, 1, 6, 4")
    void connected(Lab lab) throws Exception {
        try (var trace = Trace.start(lab)) {
            var connection = lab.connectedTcp();

            assertThat(trace.opsOf(connection)).containsExactly(3, 2, 1, 6, 4);
        }
    }

    @Test
    @DisplayName("O6: it is in SYN_SENT until it is there, and then ESTABLISHED")
    void statesOfConnected(Lab lab) throws Exception {
        try (var trace = Trace.start(lab)) {
            var connection = lab.connectedTcp();

            assertThat(trace.of(connection))
                    .extracting(Trace.Event::state)
                    .containsExactly(2, 2, 2, 2, 1);
            assertThat(trace.of(connection)).allMatch(Trace.Event::fullSocket);
            assertThat(trace.of(connection)).allMatch(Trace.Event::hasSocket);
        }
    }

    @Test
    @DisplayName("O2: a connection that is accepted makes 2, 1, 6, 5")
    void accepted(Lab lab) throws Exception {
        try (var trace = Trace.start(lab)) {
            var connection = lab.tcp();

            assertThat(trace.opsOf(connection)).containsExactly(2, 1, 6, 5);
        }
    }

    @Test
    @DisplayName("O2, O6: its request is in state 12, and at PASSIVE_ESTABLISHED it is in SYN_RECV")
    void statesOfAccepted(Lab lab) throws Exception {
        try (var trace = Trace.start(lab)) {
            var connection = lab.tcp();

            assertThat(trace.of(connection))
                    .extracting(Trace.Event::state)
                    .containsExactly(12, 12, 12, 3);
        }
    }

    @Test
    @DisplayName("O2: a request is no full socket; the accepted connection is one")
    void request(Lab lab) throws Exception {
        try (var trace = Trace.start(lab)) {
            var connection = lab.tcp();

            var events = trace.of(connection);
            assertThat(events.getFirst().fullSocket()).isFalse();
            assertThat(events.getFirst().hasSocket()).isFalse();
            assertThat(events.getLast().fullSocket()).isTrue();
            assertThat(events.getLast().hasSocket()).isTrue();
        }
    }

    @Test
    @DisplayName("O2: a connection over IPv6 makes the same callbacks")
    void overIpv6(Lab lab) throws Exception {
        try (var trace = Trace.start(lab)) {
            assertThat(trace.opsOf(lab.tcp6())).containsExactly(2, 1, 6, 5);
        }
    }

    @Test
    @DisplayName("O1: UDP and UNIX sockets make no callback")
    void otherKinds(Lab lab) throws Exception {
        try (var trace = Trace.start(lab)) {
            lab.udp();
            lab.unix();

            assertThat(trace.count()).isZero();
        }
    }

    @Test
    @DisplayName("O1: all programs that are attached hear of a connection")
    void severalPrograms(Lab lab) throws Exception {
        try (var one = Trace.start(lab);
                var other = Trace.start(lab)) {
            var connection = lab.tcp();

            assertThat(one.opsOf(connection)).containsExactly(2, 1, 6, 5);
            assertThat(other.opsOf(connection)).containsExactly(2, 1, 6, 5);
        }
    }

    @Test
    @DisplayName("O1: a program that is taken away hears no more; twice is harmless")
    void takenAway(Lab lab) throws Exception {
        var trace = Trace.start(lab);
        try (var other = Trace.start(lab)) {
            trace.close();
            trace.close();
            var connection = lab.tcp();

            assertThat(trace.of(connection)).isEmpty();
            assertThat(other.of(connection)).isNotEmpty();
        }
    }

    @Test
    @DisplayName("O1: a program does not hear of what came before it")
    void cameBefore(Lab lab) throws Exception {
        var connection = lab.tcp();
        try (var trace = Trace.asking(Trace.PASSIVE, Trace.STATE_FLAG, lab)) {
            connection.farCloses();
            connection.receivesEnd();

            assertThat(trace.of(connection)).isEmpty();
        }
    }

    // --- Changes of state ------------------------------------------------------------------------

    @Test
    @DisplayName("O3: without the flag no change of state is told")
    void withoutFlag(Lab lab) throws Exception {
        try (var trace = Trace.start(lab)) {
            var connection = lab.tcp();

            connection.farShutsDown();
            connection.receivesEnd();

            assertThat(trace.changesOf(connection)).isEmpty();
        }
    }

    @Test
    @DisplayName("O5: asked for at connect, 2-1 is told before ACTIVE_ESTABLISHED")
    void established(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.CONNECT, Trace.STATE_FLAG, lab)) {
            var connection = lab.connectedTcp();

            assertThat(trace.opsOf(connection)).containsExactly(3, 2, 1, 6, 10, 4);
            assertThat(trace.changesOf(connection)).containsExactly("2-1");
        }
    }

    @Test
    @DisplayName("O5: asked for at PASSIVE_ESTABLISHED, 3-1 is told behind it")
    void acceptedState(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.PASSIVE, Trace.STATE_FLAG, lab)) {
            var connection = lab.tcp();

            assertThat(trace.opsOf(connection)).containsExactly(2, 1, 6, 5, 10);
            assertThat(trace.changesOf(connection)).containsExactly("3-1");
        }
    }

    @Test
    @DisplayName("O5: the peer's end of stream is told as 1-8")
    void peersEnd(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.ACTIVE, Trace.STATE_FLAG, lab)) {
            var connection = lab.connectedTcp();

            connection.farShutsDown();
            connection.receivesEnd();

            assertThat(trace.changesOf(connection)).containsExactly("1-8");
        }
    }

    @Test
    @DisplayName("O5: the socket's own end of stream is told as 1-4")
    void ownEnd(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.ACTIVE, Trace.STATE_FLAG, lab)) {
            var connection = lab.connectedTcp();

            connection.near().shutdownOutput();
            connection.farReceivesEnd();

            assertThat(trace.changesOf(connection)).startsWith("1-4");
        }
    }

    @Test
    @Needs(Capability.TCP_STATES)
    @DisplayName("O5, O6: an active close, until the peer has closed, too: 1-4, 4-5, 5-7")
    void activeClose(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.ACTIVE, Trace.STATE_FLAG, lab)) {
            var connection = lab.connectedTcp();

            connection.near().close();
            connection.farReceivesEnd();
            connection.farCloses();
            Waiting.until(() -> trace.changesOf(connection).getLast().endsWith("-7"));

            assertThat(trace.changesOf(connection)).containsExactly("1-4", "4-5", "5-7");
        }
    }

    @Test
    @DisplayName("O5, O6: a passive close: 3-1, 1-8, 8-9")
    void passiveClose(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.PASSIVE, Trace.STATE_FLAG, lab)) {
            var connection = lab.tcp();

            connection.farShutsDown();
            connection.receivesEnd();
            connection.near().close();
            connection.farReceivesEnd();

            assertThat(trace.changesOf(connection)).startsWith("3-1", "1-8", "8-9");
        }
    }

    @Test
    @DisplayName("O5: a reset by the peer is told as 1-7")
    void reset(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.ACTIVE, Trace.STATE_FLAG, lab)) {
            var connection = lab.connectedTcp();

            connection.farResets();
            connection.receiveFails(Errno.ECONNRESET);

            assertThat(trace.changesOf(connection)).containsExactly("1-7");
        }
    }

    @Test
    @DisplayName("O5: while a change is told, the context has the old state")
    void oldState(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.PASSIVE, Trace.STATE_FLAG, lab)) {
            var connection = lab.tcp();
            connection.farShutsDown();
            connection.receivesEnd();

            assertThat(trace.of(connection))
                    .filteredOn(event -> event.op() == Trace.STATE)
                    .hasSize(2)
                    .allMatch(event -> event.state() == event.from());
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "127, 0", "0xfff, 0xf80"})
    @DisplayName("O4: cb_flags_set gives back the bits that mean nothing")
    void unknownFlags(String flags, String rest, Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.ACTIVE, Long.decode(flags), lab)) {
            lab.connectedTcp();

            assertThat(trace.flagsAnswer()).isEqualTo(Long.decode(rest));
        }
    }

    @Test
    @DisplayName("O4: cb_flags_set for a request, which is no full socket, gives EINVAL")
    void flagsOfARequest(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.REQUEST, Trace.STATE_FLAG, lab)) {
            lab.tcp();

            assertThat(trace.flagsAnswer()).isEqualTo(-Errno.EINVAL.number());
        }
    }

    @Test
    @DisplayName("O4: the context shows the flags that are set")
    void flagsAreShown(Lab lab) throws Exception {
        try (var trace = Trace.asking(Trace.CONNECT, Trace.STATE_FLAG, lab)) {
            var connection = lab.connectedTcp();

            assertThat(trace.of(connection).getFirst().flags()).isZero();
            assertThat(trace.of(connection).getLast().flags()).isEqualTo(Trace.STATE_FLAG);
        }
    }
}
