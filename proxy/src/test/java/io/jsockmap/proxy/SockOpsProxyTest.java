package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.Socket;

/** An object whose sock_ops program puts the sockets into its map itself. */
class SockOpsProxyTest {
    private static final int LENGTH = 10_000_000;

    @ParameterizedTest
    @EnumSource(names = {"SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    void itsSocketsAreSplicedWithoutInsertions(AttachType type) throws Exception {
        // The section of the verdict names no attach type.
        var options = LoadOptions.DEFAULT.withType("relay", SocketPrograms.SK_SKB);
        var question = RandomBytes.of(1, LENGTH);
        var answer = RandomBytes.of(2, LENGTH);
        try (var upstream = Loopback.listen();
                var proxy =
                        ProxySetup.program("c02-ingress-to-egress", options)
                                .attach("relay", "sockets", type)
                                .sockOps("sort")
                                .to(Loopback.addressOf(upstream))
                                .start();
                var ends = Ends.through(proxy, upstream);
                var tasks = new Tasks()) {
            var asked = tasks.start(() -> say(ends.client(), question));
            var answered = tasks.start(() -> say(ends.server(), answer));
            var heard = tasks.start(() -> ends.server().getInputStream().readAllBytes());
            assertThat(ends.client().getInputStream().readAllBytes()).isEqualTo(answer);
            assertThat(Tasks.result(heard)).isEqualTo(question);
            Tasks.result(asked);
            Tasks.result(answered);

            var report = proxy.report();
            assertThat(report.problem()).isEmpty();
            RunningProxy.assertBalanced(report);
            assertThat(report.accounts().values())
                    .allMatch(account -> account.receive().redirected() == LENGTH);
            assertThat(proxy.object.variable("redir_errors").bytes()).containsOnly(0);
            proxy.assertNothingIsLeft();
        }
    }

    private static Void say(Socket socket, byte[] bytes) throws Exception {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        return null;
    }
}
