package io.jsockmap.sockmap.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.TcpState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Callbacks of connections that are not there yet or never, and of sockets that listen. */
class CallbackOrderTest extends NetworkTest {
    private static final Addresses ENDS = Network.addresses("10.0.0.1", 1234, "10.0.0.2", 80);

    private Trace trace;

    @BeforeEach
    void attach() {
        trace = Trace.in(network);
        network.engine().attach(trace.program());
    }

    @Test
    @DisplayName(
            "O2: an adapter that knows when a connection is there says so, and only then 4 comes")
    void connecting() {
        var socket = network.engine().connecting(ENDS, new Quiet());
        assertThat(trace.ops()).containsExactly(3, 2, 1, 6);
        assertThat(socket.state()).isEqualTo(TcpState.SYN_SENT);

        socket.established();
        socket.established();

        assertThat(trace.ops()).as("once").containsExactly(3, 2, 1, 6, 4);
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    @DisplayName("O2: a connection that fails makes no further callback, and can't be there later")
    void failed() {
        var socket = network.engine().connecting(ENDS, new Quiet());

        socket.failed(Errno.ECONNREFUSED);
        socket.established();

        assertThat(trace.ops()).containsExactly(3, 2, 1, 6);
        assertThat(socket.state()).isEqualTo(TcpState.CLOSE);
    }

    @Test
    @DisplayName("O2: listening: 11, in LISTEN")
    void listening() {
        var ends = new Addresses(SocketKind.TCP, ENDS.local(), null);

        network.engine().listening(ends);

        assertThat(trace.ops()).containsExactly(11);
        assertThat(trace.events().getFirst().state()).isEqualTo(10);
        assertThat(trace.events().getFirst().localPort()).isEqualTo(1234);
    }

    @Test
    void aListeningSocketHasNoPeerAndAConnectionHas() {
        var listening = new Addresses(SocketKind.TCP, ENDS.local(), null);
        var engine = network.engine();

        assertThatThrownBy(() -> engine.listening(ENDS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no peer");
        assertThatThrownBy(() -> engine.connecting(listening, new Quiet()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has a peer");
        assertThatThrownBy(() -> engine.accepted(listening, new Quiet()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
