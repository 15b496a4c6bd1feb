package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/** The splice example carries streams of any length both ways at once, whole and in order. */
class SpliceTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest(name = "{0} MiB each way, the {1} ends first")
    @CsvSource({"64, client", "16, server"})
    void bothStreamsArriveWhole(int mebibytes, String first) throws Exception {
        long bytes = mebibytes * MIB;
        long seed = new Random().nextLong();
        System.out.printf("SpliceTest: seed %d%n", seed);
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream);
                var tasks = new Tasks()) {
            // Each reader stops for a while, until the other direction has gone on without it.
            var toServerHalf = new CountDownLatch(1);
            var toClientMost = new CountDownLatch(1);
            var atServer =
                    new Receiver(seed + 1)
                            .waitingAt(bytes / 4, toClientMost)
                            .announcing(bytes / 2, toServerHalf);
            var atClient =
                    new Receiver(seed + 2)
                            .announcing(bytes * 5 / 8, toClientMost)
                            .waitingAt(bytes * 3 / 4, toServerHalf);
            var clientReads = tasks.start(() -> atClient.receive(ends.client()));
            var serverReads = tasks.start(() -> atServer.receive(ends.server()));
            boolean clientFirst = first.equals("client");
            var clientSends =
                    tasks.start(
                            () ->
                                    sendAll(
                                            ends.client(),
                                            seed + 3,
                                            bytes,
                                            clientFirst,
                                            clientReads));
            var serverSends =
                    tasks.start(
                            () ->
                                    sendAll(
                                            ends.server(),
                                            seed + 4,
                                            bytes,
                                            !clientFirst,
                                            serverReads));

            assertThat(Tasks.result(serverReads)).isEqualTo(Tasks.result(clientSends));
            assertThat(Tasks.result(clientReads)).isEqualTo(Tasks.result(serverSends));
            assertThat(atServer.count()).isEqualTo(bytes);
            assertThat(atClient.count()).isEqualTo(bytes);
            assertAccount(proxy.report(), bytes);
            proxy.assertNothingIsLeft();
        }
    }

    /** Ends its stream at once, or once the peer's stream has ended. */
    private static byte[] sendAll(
            Socket socket, long seed, long bytes, boolean first, Future<byte[]> peerEnded)
            throws Exception {
        var digest = new Sender(seed).send(socket, bytes);
        if (!first) Tasks.result(peerEnded);
        socket.shutdownOutput();
        return digest;
    }

    private static void assertAccount(ConnectionReport report, long bytes) {
        assertThat(report.problem()).isEmpty();
        assertThat(report.accounts().keySet()).containsExactly("client", "upstream");
        RunningProxy.assertBalanced(report);
        for (var account : report.accounts().values()) {
            assertThat(account.receive().in()).isEqualTo(bytes);
            assertThat(account.receive().redirected()).isEqualTo(bytes);
            assertThat(account.egress().left()).isEqualTo(bytes);
            assertThat(account.egress().discarded()).isZero();
        }
    }
}
