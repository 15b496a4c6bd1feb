package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Bytes, and the end of stream, that are there before the proxy has accepted the connection or put
 * its sockets into maps are judged like all others (C18, C19, F15).
 */
class EarlyBytesTest {
    private static final int RUNS = 150 * Integer.getInteger("random.factor", 1);

    @ParameterizedTest(name = "of {0} bytes")
    @ValueSource(ints = {1, 4, 5000, 150_000})
    void anEchoAnswersAClientThatHasEndedBeforeItIsAccepted(int length) throws Exception {
        try (var proxy = ProxySetup.echo().start()) {
            for (int run = 0; run < RUNS; run++) {
                var bytes = RandomBytes.of(run, length);
                try (var client = Loopback.connect(proxy.address())) {
                    client.getOutputStream().write(bytes);
                    client.shutdownOutput();
                    assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
                }
                assertThat(proxy.report().problem()).isEmpty();
            }
            proxy.assertNothingIsLeft();
        }
    }

    @ParameterizedTest(name = "of {0} bytes")
    @ValueSource(ints = {1, 4, 5000, 150_000})
    void aServerAnswersAClientThatHasEndedBeforeItIsAccepted(int length) throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var tasks = new Tasks()) {
            for (int run = 0; run < RUNS; run++) {
                var bytes = RandomBytes.of(run, length);
                var answered = tasks.start(() -> sendBack(upstream));
                try (var client = Loopback.connect(proxy.address())) {
                    client.getOutputStream().write(bytes);
                    client.shutdownOutput();
                    assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
                }
                Tasks.result(answered);
                assertThat(proxy.report().problem()).isEmpty();
            }
            proxy.assertNothingIsLeft();
        }
    }

    private static Void sendBack(ServerSocket upstream) throws Exception {
        try (var server = Loopback.accept(upstream)) {
            server.getOutputStream().write(server.getInputStream().readAllBytes());
        }
        return null;
    }

    /** So that one waits for the other's connection: the proxy's threads are busy with many. */
    @RepeatedTest(3)
    void manyThatHaveEndedBeforeTheyAreAcceptedAreAllAnswered() throws Exception {
        try (var proxy = ProxySetup.echo().start();
                var tasks = new Tasks()) {
            List<Future<?>> talks = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                var bytes = RandomBytes.of(i, 1000 + i);
                talks.add(tasks.start(() -> sayAllAndHear(proxy, bytes)));
            }
            for (var talk : talks) Tasks.result(talk);
            for (var report : proxy.reports(RUNS)) assertThat(report.problem()).isEmpty();
            proxy.assertNothingIsLeft();
        }
    }

    private static Void sayAllAndHear(RunningProxy proxy, byte[] bytes) throws Exception {
        try (Socket client = Loopback.connect(proxy.address())) {
            client.getOutputStream().write(bytes);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
        }
        return null;
    }
}
