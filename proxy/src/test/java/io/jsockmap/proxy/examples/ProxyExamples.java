package io.jsockmap.proxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.proxy.Engines;
import io.jsockmap.proxy.KernelProxy;
import io.jsockmap.proxy.Proxy;
import io.jsockmap.proxy.ProxyListener;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.Account;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** How a proxy is run by a program. */
@Timeout(120)
class ProxyExamples {
    private static final Path POLICY =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/msg-policy.bpf.o");
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private ServerSocket server;
    private InetSocketAddress upstream;

    /** Sends one client back what it gets. */
    @BeforeEach
    void echo() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        upstream = (InetSocketAddress) server.getLocalSocketAddress();
        Thread.startVirtualThread(
                () -> {
                    try (var client = server.accept()) {
                        client.getInputStream().transferTo(client.getOutputStream());
                    } catch (IOException _) {
                        // The client, which misses its answer, says so.
                    }
                });
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static void talkTo(InetSocketAddress proxy) throws IOException {
        try (var client = new Socket(proxy.getAddress(), proxy.getPort())) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            var answer = client.getInputStream().readAllBytes();
            assertThat(answer).asString(StandardCharsets.US_ASCII).isEqualTo("hello");
        }
    }

    @Test
    void aProxysConnectionsAreJudgedAndReported() throws Exception {
        UserEngine engine = Engines.open();
        var object = engine.load(POLICY);
        object.sockMap("sockets").attach(object.program("filter"), AttachType.SK_MSG_VERDICT);

        // @start region="proxy"
        // A sock_ops program puts the connections to the upstream into the map.
        engine.attach(object.program("store_in_0"));
        BlockingQueue<ConnectionReport> ended = new LinkedBlockingQueue<>();
        ProxyListener listener =
                new ProxyListener() {
                    @Override
                    public void ended(ConnectionReport report) {
                        ended.add(report);
                    }
                };
        try (Proxy proxy = Proxy.start(engine, ANY_PORT, List.of(upstream), List.of(), listener)) {
            talkTo(proxy.address());
            ConnectionReport report = ended.take();
            assertThat(report.problem()).isEmpty();
            Account toUpstream = report.accounts().get("upstream");
            assertThat(toUpstream.send().passed()).isEqualTo(5);
        }
        // @end
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theKernelsProxyCarriesWhatNoProgramRedirects() throws IOException {
        Queue<String> problems = new ConcurrentLinkedQueue<>();

        // @start region="kernel"
        // Sockets come into maps of the kernel's by sock_ops programs of the cgroup, if at all.
        try (KernelProxy proxy =
                KernelProxy.start(ANY_PORT, List.of(upstream), List.of(), problems::add)) {
            talkTo(proxy.address());
            assertThat(proxy.served()).isEqualTo(1);
            assertThat(problems).isEmpty();
        }
        // @end
    }
}
