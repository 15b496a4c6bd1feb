package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The port-policy example judges what the proxy sends on to a server. */
class PortPolicyTest {
    private static final byte[] BYTES = RandomBytes.of(1, 3000);

    private static ProxySetup policy(ServerSocket upstream) {
        return ProxySetup.example("port-policy")
                .attach("port_policy", "sockets", AttachType.SK_MSG_VERDICT)
                .to(Loopback.addressOf(upstream))
                .insert("sockets", "slot", "upstream");
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }

    @Test
    void whatIsSentToAnAllowedPortArrives() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy =
                        policy(upstream)
                                .prepare(
                                        object ->
                                                object.map("allowed_ports")
                                                        .update(
                                                                number(upstream.getLocalPort()),
                                                                number(1),
                                                                UpdateFlag.ANY))
                                .start();
                var ends = Ends.through(proxy, upstream)) {
            ends.client().getOutputStream().write(BYTES);
            ends.client().shutdownOutput();
            assertThat(ends.server().getInputStream().readAllBytes()).isEqualTo(BYTES);
            ends.server().close();
            assertThat(proxy.report().problem()).isEmpty();
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aRefusedSendClosesTheConnectionAndIsReported() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = policy(upstream).start();
                var ends = Ends.through(proxy, upstream)) {
            ends.client().getOutputStream().write(BYTES);
            assertThat(ends.server().getInputStream().readAllBytes()).isEmpty();
            assertThat(readToEnd(ends)).isEmpty();

            var report = proxy.report();
            assertThat(report.problem()).isEqualTo("send to upstream: EACCES");
            RunningProxy.assertBalanced(report);
            var sent = report.accounts().get("upstream").send();
            assertThat(sent.dropped()).isPositive().isEqualTo(sent.in());
            proxy.assertNothingIsLeft();
        }
    }

    /** What the client gets; where more of its bytes are on their way, its end is a reset. */
    private static byte[] readToEnd(Ends ends) throws IOException {
        try {
            return ends.client().getInputStream().readAllBytes();
        } catch (SocketException _) {
            return new byte[0];
        }
    }
}
