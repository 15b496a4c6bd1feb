package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A proxy listens on UNIX sockets and connects to them as it does with ports. */
@Timeout(120)
class UnixProxyTest {
    private static final int LENGTH = 3_000_000;

    @TempDir private Path folder;

    @BeforeEach
    void needEpoll() {
        assumeTrue(Epoll.isAvailable(), "no UNIX sockets without epoll");
    }

    private UnixDomainSocketAddress path(String name) {
        return UnixDomainSocketAddress.of(folder.resolve(name));
    }

    private ServerSocketChannel upstream() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(path("upstream"));
    }

    /** A client and the server that it is connected to through the proxy. */
    private record Ends(SocketChannel client, SocketChannel server) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Ends through(RunningProxy proxy, ServerSocketChannel upstream) throws IOException {
        var client = SocketChannel.open(proxy.proxy.listenAddress());
        return new Ends(client, upstream.accept());
    }

    private static byte[] readAll(SocketChannel channel) throws IOException {
        return Channels.newInputStream(channel).readAllBytes();
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) channel.write(buffer);
    }

    @Test
    void streamsAndTheirEndsAreCarriedOver() throws Exception {
        var question = RandomBytes.of(1, LENGTH);
        var answer = RandomBytes.of(2, LENGTH);
        try (var upstream = upstream();
                var proxy = ProxySetup.splice(path("upstream")).listen(path("proxy")).start();
                var ends = through(proxy, upstream);
                var tasks = new Tasks()) {
            var heard = tasks.start(() -> readAll(ends.server));
            write(ends.client, question);
            ends.client.shutdownOutput();
            assertThat(Tasks.result(heard)).isEqualTo(question);
            var heardBack = tasks.start(() -> readAll(ends.client));
            write(ends.server, answer);
            ends.server.close();
            assertThat(Tasks.result(heardBack)).isEqualTo(answer);

            var report = proxy.report();
            assertThat(report.problem()).isEmpty();
            assertThat(report.accounts().get("client").receive().redirected()).isEqualTo(LENGTH);
            RunningProxy.assertBalanced(report);
            proxy.assertNothingIsLeft();
        }
        assertThat(folder.resolve("proxy")).as("the proxy's socket file").doesNotExist();
    }

    @Test
    void aPeerThatClosesWithBytesUnreadEndsTheOther() throws Exception {
        try (var upstream = upstream();
                var proxy = ProxySetup.splice(path("upstream")).listen(path("proxy")).start()) {
            for (int run = 0; run < 50; run++) {
                try (var ends = through(proxy, upstream)) {
                    var dying = run % 2 == 0 ? ends.client : ends.server;
                    var other = run % 2 == 0 ? ends.server : ends.client;
                    // It has taken the first byte, so the others have come and lie unread.
                    write(other, new byte[100]);
                    dying.read(ByteBuffer.allocate(1));
                    dying.close();
                    // UNIX streams know no reset.
                    assertThat(other.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                }
                RunningProxy.assertBalanced(proxy.report());
            }
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aPortIsProxiedToAUnixSocketAndBack() throws Exception {
        try (var upstream = upstream();
                var inner = ProxySetup.splice(path("upstream")).listen(Loopback.anyPort()).start();
                var outer = ProxySetup.splice(inner.address()).listen(path("proxy")).start();
                var ends = through(outer, upstream)) {
            write(ends.client, new byte[] {1, 2, 3});
            ends.client.shutdownOutput();
            assertThat(readAll(ends.server)).containsExactly(1, 2, 3);
            assertThat(outer.proxy.listenAddress()).isEqualTo(path("proxy"));
            assertThat(inner.proxy.listenAddress()).isInstanceOf(InetSocketAddress.class);
            assertThatThrownBy(outer.proxy::address)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("listens on a UNIX socket");
        }
    }

    @Test
    void aPathThatIsInUseIsRefusedAndNotDeleted() throws Exception {
        try (var other = upstream();
                var engine = Engines.open()) {
            var address = other.getLocalAddress();
            assertThatThrownBy(
                            () ->
                                    Proxy.start(
                                            engine,
                                            address,
                                            List.of(),
                                            List.of(),
                                            ProxyListener.NONE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("can't listen on " + address + ": there is such a file");
            assertThat(Files.exists(folder.resolve("upstream"))).isTrue();
        }
    }

    @Test
    void withoutEpollTheyAreRefused() {
        for (var setup :
                List.of(
                        ProxySetup.splice(path("upstream")),
                        ProxySetup.splice(Loopback.anyPort()).listen(path("proxy")))) {
            assertThatThrownBy(
                            () ->
                                    setup.with(
                                                    engine ->
                                                            new NettyCarriers(
                                                                    EventLoops.nio(
                                                                            "a test wants it"),
                                                                    engine))
                                            .start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no UNIX sockets without epoll")
                    .hasMessageContaining("a test wants it");
        }
    }

    @Test
    void anUpstreamThatIsNotThereIsNamed() throws Exception {
        try (var proxy = ProxySetup.splice(path("nobody")).listen(path("proxy")).start();
                var client = SocketChannel.open(path("proxy"))) {
            assertThat(proxy.refusal()).startsWith("upstream " + path("nobody"));
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void anUpstreamThatIsNotThereIsToldEachTimeAndLeavesNothing() throws Exception {
        try (var proxy = ProxySetup.splice(path("nobody")).start()) {
            long before = descriptors();
            for (int run = 0; run < 100; run++) {
                try (var client = Loopback.connect(proxy.address())) {
                    assertThatThrownBy(() -> client.getInputStream().read())
                            .hasMessageContaining("reset");
                }
                assertThat(proxy.refusal()).contains("nobody");
                assertThat(proxy.report().problem()).contains("nobody");
            }
            proxy.assertNothingIsLeft();
            assertThat(descriptors()).isLessThan(before + 50);
        }
    }

    private static long descriptors() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
