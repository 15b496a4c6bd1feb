package io.jsockmap.conformance.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockHash;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The example splice: two connections become one. */
@EngineTest
class SpliceTest {
    private static final int PIECE = 1 << 16;

    /** The kernel's is to go round its buffers, too. */
    private static final long LARGE =
            "kernel".equals(System.getProperty("jsockmap.conformance")) ? 100_000_000 : 20_000_000;

    private static SockHash peers(Lab lab) {
        var object = lab.example("splice");
        var peers = object.sockHash("peers");
        peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        return peers;
    }

    @Test
    @DisplayName("what one end of either connection sends, the end of the other gets")
    void bothWays(Lab lab) throws Exception {
        var client = lab.tcp();
        var server = lab.connectedTcp();
        lab.splice(peers(lab), client, server);

        client.farSends("request");
        server.farReceives("request");
        server.farSends("response");

        client.farReceives("response");
    }

    @Test
    @DisplayName("without a peer the bytes stay with their reader")
    void withoutPeer(Lab lab) throws Exception {
        var alone = lab.tcp();
        peers(lab).update(new byte[8], alone.socket(), UpdateFlag.ANY);

        alone.farSends("greeting");

        alone.receives("greeting");
    }

    @Test
    @DisplayName("K35: TCP and a UNIX stream can be joined by their cookies")
    @KernelFault(value = "K35", instead = "of a UNIX source it tells the cookie of the far end")
    void tcpAndUnix(Lab lab) throws Exception {
        var client = lab.tcp();
        var server = lab.unix();
        lab.splice(peers(lab), client, server);

        client.farSends("request");
        server.farReceives("request");
        server.farSends("response");

        client.farReceives("response");
    }

    @Test
    @DisplayName("100 MB arrive whole and in order")
    void large(Lab lab) throws Exception {
        var client = lab.tcp();
        var server = lab.connectedTcp();
        lab.splice(peers(lab), client, server);

        var sending = Waiting.start(() -> send(client.far(), LARGE));
        receive(server, LARGE);

        assertThat(Waiting.result(sending)).isEqualTo(LARGE);
    }

    @Test
    @DisplayName("10 MB each way at once arrive whole and in order")
    void bothWaysAtOnce(Lab lab) throws Exception {
        var client = lab.tcp();
        var server = lab.connectedTcp();
        lab.splice(peers(lab), client, server);

        var requests = Waiting.start(() -> send(client.far(), LARGE / 10));
        var responses = Waiting.start(() -> send(server.far(), LARGE / 10));
        var responsesCame = Waiting.start(() -> receiveAll(client.far(), LARGE / 10));
        receive(server, LARGE / 10);

        assertThat(Waiting.result(responsesCame)).isEqualTo(LARGE / 10);
        assertThat(Waiting.result(requests)).isEqualTo(LARGE / 10);
        assertThat(Waiting.result(responses)).isEqualTo(LARGE / 10);
    }

    // --- A stream in which each byte tells its place ---------------------------------------------

    private static long send(SocketChannel to, long total) throws IOException {
        long sent = 0;
        while (sent < total) {
            var piece = expected(sent, (int) Math.min(PIECE, total - sent));
            while (piece.hasRemaining()) sent += to.write(piece);
        }
        return sent;
    }

    /** No piece may take for ever; all of them may take long. */
    private static void receive(Stream at, long total) throws IOException {
        for (long place = 0; place < total; place += PIECE) {
            long from = place;
            int size = (int) Math.min(PIECE, total - from);
            Waiting.within(() -> receivePiece(at.far(), from, size));
        }
    }

    private static long receiveAll(SocketChannel at, long total) throws IOException {
        long received = 0;
        while (received < total) {
            received += receivePiece(at, received, (int) Math.min(PIECE, total - received));
        }
        return received;
    }

    private static int receivePiece(SocketChannel at, long place, int size) throws IOException {
        var buffer = ByteBuffer.allocate(size);
        while (buffer.hasRemaining()) assertThat(at.read(buffer)).as("end").isPositive();
        var wanted = expected(place, size);
        int wrong = buffer.flip().mismatch(wanted);
        assertThat(wrong).as("first wrong byte behind %d", place).isEqualTo(-1);
        return size;
    }

    private static ByteBuffer expected(long place, int size) {
        var buffer = ByteBuffer.allocate(size);
        for (long i = place; i < place + size; i++) buffer.put((byte) (i ^ i >>> 8 ^ i >>> 16));
        return buffer.flip();
    }
}
