package io.jsockmap.sockmap.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BPF_SOCK_OPS_STATE_CB, and the flags by which programs ask for it. */
class StateCallbackTest extends NetworkTest {
    private static final Addresses ENDS = Network.addresses("10.0.0.1", 1234, "10.0.0.2", 80);
    private static final Addresses LISTENING = new Addresses(SocketKind.TCP, ENDS.local(), null);

    /** Attaches the program, which asks for callbacks at an op. */
    private Trace asking(int op, long flags) {
        var options =
                LoadOptions.DEFAULT
                        .withVariable("flags_op", op)
                        .withVariable("wanted_flags", flags);
        var trace = Trace.in(network, options);
        network.engine().attach(trace.program());
        return trace;
    }

    @Test
    @DisplayName("O3, O5, O6: an active close: 1-4, 4-5, 5-7")
    void activeClose() {
        var trace = asking(SockOps.ACTIVE_ESTABLISHED, SockOps.STATE_FLAG);
        var connection = network.connected();

        connection.closes();
        connection.peer().closes();
        network.engine().closed(connection.socket());

        assertThat(trace.changes()).containsExactly("1-4", "4-5", "5-7");
    }

    @Test
    @DisplayName("O3, O5, O6: a passive close: 3-1, 1-8, 8-9, 9-7")
    void passiveClose() {
        var trace = asking(SockOps.PASSIVE_ESTABLISHED, SockOps.STATE_FLAG);
        var connection = network.accepted();

        connection.peer().closes();
        connection.closes();
        network.engine().closed(connection.socket());

        assertThat(trace.changes()).containsExactly("3-1", "1-8", "8-9", "9-7");
    }

    @Test
    @DisplayName("O5: a connection that fails: 2-7; one that is reset: 1-7")
    void fails() {
        var trace = asking(SockOps.CONNECT, SockOps.STATE_FLAG);
        network.engine().connecting(ENDS, new Quiet()).failed(Errno.ECONNREFUSED);
        network.connected().peer().resets();

        assertThat(trace.changes()).containsExactly("2-7", "2-1", "1-7");
    }

    @Test
    @DisplayName("O5: a socket that is closed before its connection is there: 2-7")
    void closedEarly() {
        var trace = asking(SockOps.CONNECT, SockOps.STATE_FLAG);
        network.engine().connecting(ENDS, new Quiet()).close();

        assertThat(trace.changes()).containsExactly("2-7");
    }

    @Test
    @DisplayName("O2, O5: a listening socket that is closed: 10-7, and the engine forgets it")
    void listeningCloses() {
        var trace = asking(SockOps.LISTEN, SockOps.STATE_FLAG);
        var socket = network.engine().listening(LISTENING);
        assertThat(network.engine().sockets()).contains(socket);

        socket.close();

        assertThat(trace.changes()).containsExactly("10-7");
        assertThat(network.engine().sockets()).doesNotContain(socket);
    }

    @Test
    @DisplayName(
            "O3: an accepted socket inherits the callbacks that its listening socket asked for")
    void inheritedFlags() {
        var trace = asking(SockOps.LISTEN, SockOps.STATE_FLAG);
        var listening = network.engine().listening(LISTENING);

        network.engine().root().accepted(listening, ENDS, new Quiet());

        assertThat(trace.ops()).containsExactly(11, 2, 1, 6, 5, 10);
        assertThat(trace.changes()).containsExactly("3-1");
    }

    @Test
    @DisplayName("O3: RTO, RETRANS, RTT and header options can be asked for, but never come")
    void neverCome() {
        var trace = asking(SockOps.ACTIVE_ESTABLISHED, 127);
        var connection = network.connected();

        connection.sends("out").succeeds();
        connection.peer().sends("in");
        assertThat(connection.reads()).isEqualTo("in");
        assertThat(connection.peer().received()).isEqualTo("out");
        connection.closes();

        assertThat(trace.ops()).containsExactly(3, 2, 1, 6, 4, 10);
    }

    @Test
    @DisplayName("O4: cb_flags_set can be taken back, and the context shows what is set")
    void takenBack() {
        var asks = asking(SockOps.CONNECT, SockOps.STATE_FLAG);
        var takesBack = asking(SockOps.ACTIVE_ESTABLISHED, 0);
        network.connected().peer().closes();

        assertThat(asks.changes()).containsExactly("2-1");
        assertThat(takesBack.events().getLast().flags()).isEqualTo(SockOps.STATE_FLAG);
    }

    @ParameterizedTest
    @DisplayName("O4: cb_flags_set keeps the seven flags there are, and gives back the other bits")
    @CsvSource({"4, 4, 0", "127, 127, 0", "0xfff, 127, 0xf80", "-1, 127, -128"})
    void unknownFlags(String flags, int kept, String expected) {
        var trace = asking(SockOps.ACTIVE_ESTABLISHED, Long.decode(flags));

        assertThat(network.connected().socket().callbackFlags()).isEqualTo(kept);
        assertThat(trace.flagsAnswer()).isEqualTo(Long.decode(expected));
    }

    @Test
    @DisplayName("O10: bytes_received and bytes_acked count what came and what was written")
    void bytes() {
        var trace = asking(SockOps.ACTIVE_ESTABLISHED, SockOps.STATE_FLAG);
        var connection = network.connected();
        connection.peer().sends("seven b");
        connection.sends("out").succeeds();
        assertThat(connection.peer().received()).isEqualTo("out");

        connection.peer().closes();

        assertThat(trace.events().getLast().received()).isEqualTo(7);
        assertThat(trace.events().getLast().acked()).isEqualTo(3);
        assertThat(connection.reads()).isEqualTo("seven b");
    }
}
