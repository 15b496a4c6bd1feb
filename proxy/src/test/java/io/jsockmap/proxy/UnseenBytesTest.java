package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.proxy.epoll.EpollCarriers;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Where no verdict looks at the bytes they pass through pipes, and nobody sees a difference. */
class UnseenBytesTest {
    private static final int LENGTH = 40_000_000;

    private long pipes;

    @BeforeEach
    void count() {
        assumeTrue(EpollCarriers.refusal().isEmpty(), "there is no epoll here: skipped");
        pipes = openPipes();
    }

    /** Nobody has to wait for the garbage collector. */
    @AfterEach
    void noPipeIsLeft() {
        assertThat(openPipes()).isLessThanOrEqualTo(pipes);
    }

    private static long openPipes() {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(UnseenBytesTest::isPipe).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException _) {
            return false;
        }
    }

    private void awaitPipes() {
        long hangs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Loopback.HANG_SECONDS);
        while (openPipes() <= pipes) {
            assertThat(System.nanoTime()).as("time until pipes are used").isLessThan(hangs);
            Thread.onSpinWait();
        }
    }

    private static Void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        return null;
    }

    @Test
    void aReaderThatWaitsGetsAllOfIt() throws Exception {
        var bytes = RandomBytes.of(1, LENGTH);
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream);
                var tasks = new Tasks()) {
            var sent = tasks.start(() -> send(ends.client(), bytes));
            awaitPipes();
            assertThat(ends.server().getInputStream().readAllBytes()).isEqualTo(bytes);
            Tasks.result(sent);
            ends.server().close();
            var report = proxy.report();
            assertThat(report.problem()).isEmpty();
            RunningProxy.assertBalanced(report);
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aResetLosesWhatIsInAPipeAndThePipe() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream);
                var tasks = new Tasks()) {
            var _ = tasks.start(() -> send(ends.client(), new byte[LENGTH]));
            awaitPipes();
            Loopback.reset(ends.server());
            var report = proxy.report();
            assertThat(report.problem()).isNotEmpty();
            RunningProxy.assertBalanced(report);
            proxy.assertNothingIsLeft();
        }
    }

    /** An error is told once, and whoever asks first must not keep it for himself. */
    @Test
    void aResetBehindMuchIsNotAnEnd() throws Exception {
        for (int run = 0; run < 20; run++) {
            try (var upstream = Loopback.listen();
                    var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                    var ends = Ends.through(proxy, upstream);
                    var tasks = new Tasks()) {
                int length = 2_000_000;
                var heard = tasks.start(() -> ends.server().getInputStream().readNBytes(length));
                ends.client().getOutputStream().write(new byte[length]);
                assertThat(Tasks.result(heard)).hasSize(length);
                Loopback.reset(ends.client());
                assertThatThrownBy(() -> ends.server().getInputStream().read())
                        .hasMessageContaining("reset");
                assertThat(proxy.report().problem()).isNotEmpty();
            }
        }
    }

    /** The program finds no target under the client's cookie. */
    private static ProxySetup passingAll(SocketAddress upstream) {
        return ProxySetup.program("pair", LoadOptions.DEFAULT)
                .attach("relay", "targets", AttachType.SK_SKB_STREAM_VERDICT)
                .to(upstream)
                .insert("targets", "upstream.cookie", "client");
    }

    @Test
    void whatIsPassedIsReadAsEver() throws Exception {
        var bytes = RandomBytes.of(2, LENGTH);
        try (var upstream = Loopback.listen();
                var proxy = passingAll(Loopback.addressOf(upstream)).start();
                var ends = Ends.through(proxy, upstream);
                var tasks = new Tasks()) {
            var sent = tasks.start(() -> send(ends.client(), bytes));
            assertThat(ends.server().getInputStream().readAllBytes()).isEqualTo(bytes);
            Tasks.result(sent);
        }
    }
}
