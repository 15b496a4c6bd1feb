package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;

/** What no channel shows of a verdict: its copy of the bytes, and targets that no channel has. */
@ParameterizedClass
@EnumSource(Delivery.class)
class VerdictTest extends ScriptTest {
    private static final String TEXT = "0123456789";

    VerdictTest(Delivery delivery) {
        super(delivery);
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

    /** Transport of sockets whose traffic nobody carries. */
    private Sock opened(SocketKind kind, SocketAddress local, SocketAddress remote) {
        return network.opened(new Addresses(kind, local, remote)).socket();
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
}
