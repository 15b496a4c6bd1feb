package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.Socket;

/** An end of stream comes after the last byte, and ends one direction only (C20, C45). */
class HalfCloseTest {
    private static final byte[] LONG = RandomBytes.of(1, 200_000);
    private static final byte[] SHORT = RandomBytes.of(2, 300);

    @Test
    void aServerThatClosesBeforeItsClientReadsLosesNothing() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream)) {
            ends.server().getOutputStream().write(LONG);
            ends.server().close();

            // The client reads only now that all has been sent and closed.
            assertThat(readAll(ends.client())).isEqualTo(LONG);
            ends.client().close();
            assertOrderly(proxy);
        }
    }

    @Test
    void aClientThatClosesBeforeItsServerReadsLosesNothing() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream)) {
            ends.client().getOutputStream().write(LONG);
            ends.client().close();

            assertThat(readAll(ends.server())).isEqualTo(LONG);
            ends.server().close();
            assertOrderly(proxy);
        }
    }

    /** More than all buffers on the way hold, so that the end waits behind a blocked stream. */
    @ParameterizedTest(name = "by the {0}")
    @ValueSource(strings = {"client", "server"})
    void anEndWaitsBehindAStreamThatIsNotRead(String by) throws Exception {
        long bytes = 64 << 20;
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream);
                var tasks = new Tasks()) {
            boolean client = by.equals("client");
            var from = client ? ends.client() : ends.server();
            var to = client ? ends.server() : ends.client();
            var sent =
                    tasks.start(
                            () -> {
                                var digest = new Sender(5).send(from, bytes);
                                from.shutdownOutput();
                                return digest;
                            });
            // The other direction is not held up by it.
            to.getOutputStream().write(SHORT);
            to.shutdownOutput();
            assertThat(readAll(from)).isEqualTo(SHORT);

            var receiver = new Receiver(6);
            assertThat(receiver.receive(to)).isEqualTo(Tasks.result(sent));
            assertThat(receiver.count()).isEqualTo(bytes);
            assertOrderly(proxy);
        }
    }

    /** Netty's epoll lost what had to wait then, see {@link SteadyEpollHandler}. */
    @ParameterizedTest(name = "from the {0}")
    @ValueSource(strings = {"client", "server"})
    void aLongStreamToOneThatHasEndedItsOwnArrivesWhole(String by) throws Exception {
        long bytes = 64 << 20;
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream);
                var tasks = new Tasks()) {
            boolean client = by.equals("client");
            var from = client ? ends.client() : ends.server();
            var to = client ? ends.server() : ends.client();
            to.getOutputStream().write(SHORT);
            to.shutdownOutput();
            assertThat(readAll(from)).isEqualTo(SHORT);

            var sent = tasks.start(() -> new Sender(7).send(from, bytes));
            // Whoever reads is slow at first, so that the proxy has to wait.
            var received = tasks.start(() -> new Receiver(8).receive(to));
            var digest = Tasks.result(sent);
            from.shutdownOutput();
            assertThat(Tasks.result(received)).isEqualTo(digest);
            assertOrderly(proxy);
        }
    }

    @Test
    void aServerAnswersAClientThatHasEndedItsStream() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream)) {
            ends.client().getOutputStream().write(SHORT);
            ends.client().shutdownOutput();
            assertThat(readAll(ends.server())).isEqualTo(SHORT);

            ends.server().getOutputStream().write(LONG);
            ends.server().close();
            assertThat(readAll(ends.client())).isEqualTo(LONG);
            assertOrderly(proxy);
        }
    }

    @Test
    void aClientMayEndItsStreamBeforeItSendsAnything() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream)) {
            ends.client().shutdownOutput();
            assertThat(ends.server().getInputStream().read()).isNegative();

            ends.server().getOutputStream().write(SHORT);
            ends.server().close();
            assertThat(readAll(ends.client())).isEqualTo(SHORT);
            assertOrderly(proxy);
        }
    }

    @Test
    void aServerMaySpeakFirstAndEndFirst() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream)) {
            ends.server().getOutputStream().write(SHORT);
            ends.server().shutdownOutput();
            assertThat(readAll(ends.client())).isEqualTo(SHORT);

            ends.client().getOutputStream().write(LONG);
            ends.client().close();
            assertThat(readAll(ends.server())).isEqualTo(LONG);
            assertOrderly(proxy);
        }
    }

    @Test
    void bothMayEndWithoutAWord() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream)) {
            ends.client().shutdownOutput();
            assertThat(ends.server().getInputStream().read()).isNegative();
            ends.server().close();
            assertThat(ends.client().getInputStream().read()).isNegative();
            assertOrderly(proxy);
        }
    }

    @ParameterizedTest(name = "of {0} bytes")
    @ValueSource(ints = {0, 1, 200_000})
    void anEchoEndsAfterItsLastByte(int length) throws Exception {
        var bytes = RandomBytes.of(3, length);
        try (var proxy = ProxySetup.echo().start();
                var client = Loopback.connect(proxy.address())) {
            client.getOutputStream().write(bytes);
            client.shutdownOutput();
            assertThat(readAll(client)).isEqualTo(bytes);
            assertOrderly(proxy);
        }
    }

    @Test
    void aClientHearsAllUpstreamsThatSpeakBeforeItsEnd() throws Exception {
        try (var one = Loopback.listen();
                var two = Loopback.listen();
                var proxy =
                        ProxySetup.example("splice")
                                .to(Loopback.addressOf(one))
                                .to(Loopback.addressOf(two))
                                .start();
                var client = Loopback.connect(proxy.address());
                var first = Loopback.accept(one);
                var second = Loopback.accept(two)) {
            second.getOutputStream().write('b');
            assertThat(client.getInputStream().read()).isEqualTo('b');

            first.getOutputStream().write('a');
            first.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo('a');
            second.getOutputStream().write(LONG);
            second.shutdownOutput();

            assertThat(readAll(client)).isEqualTo(LONG);
        }
    }

    private static byte[] readAll(Socket socket) throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    private static void assertOrderly(RunningProxy proxy) throws InterruptedException {
        var report = proxy.report();
        assertThat(report.problem()).isEmpty();
        RunningProxy.assertBalanced(report);
        proxy.assertNothingIsLeft();
    }
}
