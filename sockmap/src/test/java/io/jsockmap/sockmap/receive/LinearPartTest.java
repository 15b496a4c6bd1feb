package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How much of a received buffer a program sees without asking for it. */
class LinearPartTest {

    /** Lengths of the last run: of the buffer, and of its linear part. */
    private record Seen(int runs, long length, long linear) {}

    private static Seen seen(Delivery delivery, SocketKind kind, int length) {
        try (var network = new Network(Limits.DEFAULT, delivery)) {
            var object = network.load("skb-edit");
            var targets = object.sockMap("targets");
            targets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
            var socket = network.connected(kind);
            targets.update(0, socket.socket(), UpdateFlag.ANY);
            var sent = Bytes.pattern(length);
            socket.peer().sends(sent);
            assertThat(socket.reads()).isEqualTo(sent);
            return new Seen(
                    (int) object.variable("runs").value(),
                    object.variable("len_before").value(),
                    object.variable("linear_before").value());
        }
    }

    @ParameterizedTest
    @DisplayName("K2: the linear parts of section 11, as Linux makes them over loopback")
    @CsvSource({
        "TCP, 100, 0",
        "UDP, 100, 100",
        "UDP, 5000, 5000",
        "UDP, 60000, 0",
        "UNIX_STREAM, 100, 100",
        "UNIX_STREAM, 20000, 3616",
        "UNIX_DATAGRAM, 100, 100",
        "UNIX_DATAGRAM, 16064, 16064",
        "UNIX_DATAGRAM, 20000, 15904",
        "VSOCK_STREAM, 100, 0",
        "VSOCK_SEQPACKET, 100, 0"
    })
    void asTheKernelHasIt(SocketKind kind, int length, int linear) {
        assertThat(seen(Delivery.KERNEL, kind, length)).isEqualTo(new Seen(1, length, linear));
    }

    @Test
    @DisplayName("K14: a stream of 100000 bytes comes in pieces of at most 32741, as observed")
    void longStreamsAreCut() {
        assertThat(seen(Delivery.KERNEL, SocketKind.TCP, 100_000))
                .isEqualTo(new Seen(4, 100_000 - 3 * 32741, 0));
    }

    @ParameterizedTest
    @DisplayName("K2: delivered whole, all is linear and in one piece")
    @EnumSource
    void whole(SocketKind kind) {
        assertThat(seen(Delivery.WHOLE, kind, 40_000)).isEqualTo(new Seen(1, 40_000, 40_000));
    }

    @ParameterizedTest
    @DisplayName("K2, K14: hostile, nothing is linear, and streams come byte by byte")
    @EnumSource
    void hostile(SocketKind kind) {
        boolean whole = kind.keepsMessages();

        assertThat(seen(Delivery.HOSTILE, kind, 300))
                .isEqualTo(whole ? new Seen(1, 300, 0) : new Seen(300, 1, 0));
    }
}
