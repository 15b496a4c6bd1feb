package io.jsockmap.nio;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The program that shows what the library is, as a reader would type it. */
class FirstScreenTest {
    private static final Path FRAMES =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/frames.bpf.o");

    @Test
    void aCompiledObjectJudgesALiveSocket() throws Exception {
        try (var server = ServerSocketChannel.open().bind(anyPort());
                var socketChannel = SocketChannel.open(server.getLocalAddress());
                var peer = server.accept()) {

            try (var engine = Engines.open();
                    var object = engine.load(FRAMES)) {
                var sockets = object.sockMap("targets");
                sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
                sockets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
                try (var client = SockmapChannel.connected(engine, socketChannel)) {
                    sockets.update(0, client.socket(), UpdateFlag.NOEXIST);

                    peer.write(frames("Dropped", "Passed", "Returned"));

                    var buffer = ByteBuffer.allocate(100);
                    client.read(buffer);
                    assertThat(buffer.flip()).isEqualTo(frames("Passed"));
                    var back = ByteBuffer.allocate(10);
                    while (back.hasRemaining()) peer.read(back);
                    assertThat(back.flip()).isEqualTo(frames("Returned"));
                }
            }
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Each with its length in front, which counts itself. */
    private static ByteBuffer frames(String... contents) {
        var buffer = ByteBuffer.allocate(100);
        for (var content : contents) {
            buffer.putShort((short) (content.length() + 2)).put(content.getBytes(US_ASCII));
        }
        return buffer.flip();
    }
}
