package io.jsockmap.conformance.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockMap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The README's Java example, step by step, on every engine. */
@EngineTest
class ReadmeTest {
    @Test
    @DisplayName("an object is loaded, and its parser and verdict judge what a client sends")
    void example(Lab lab) throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = ServerSocketChannel.open().bind(any);
                var peer = SocketChannel.open(server.getLocalAddress());
                var object = lab.load("frames")) {
            SockMap sockets = object.sockMap("targets");
            sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            sockets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
            try (var client = SockmapChannel.accepted(lab.engine(), server.accept())) {
                sockets.update(0, client.socket(), UpdateFlag.NOEXIST);

                peer.write(ByteBuffer.wrap(Stream.bytes("\0\4Dx")));
                peer.write(ByteBuffer.wrap(Stream.bytes("\0\4Py")));
                assertThat(read(client)).isEqualTo("\0\4Py");
                client.write(ByteBuffer.wrap(Stream.bytes("back")));
                assertThat(read(peer)).isEqualTo("back");
            }
        }
    }

    private interface Source {
        int read(ByteBuffer target) throws IOException;
    }

    private static String read(SockmapChannel from) throws IOException {
        return read(from::read);
    }

    private static String read(SocketChannel from) throws IOException {
        return read(from::read);
    }

    private static String read(Source from) throws IOException {
        var buffer = ByteBuffer.allocate(4);
        Waiting.within(
                () -> {
                    while (buffer.hasRemaining() && from.read(buffer) >= 0) {
                        // Until all is there, or the end.
                    }
                    return buffer;
                });
        return Stream.text(buffer.flip());
    }
}
