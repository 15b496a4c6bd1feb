package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.net.Socket;
import java.net.SocketException;

/** A client is reset if its connection can't be completed, rather than left to wait. */
class UnreachableUpstreamTest {

    @Test
    void theClientIsResetAndTheListenerTold() throws Exception {
        var nobody = Loopback.nobody();
        try (var proxy = ProxySetup.splice(nobody).start();
                var client = Loopback.connect(proxy.address())) {
            assertReset(client);
            assertThat(proxy.refusal())
                    .startsWith("upstream ")
                    .contains(String.valueOf(nobody.getPort()))
                    .contains("refused");
            var report = proxy.report();
            assertThat(report.problem()).startsWith("upstream ").contains("refused");
            assertThat(report.accounts().keySet()).containsExactly("client");
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void whatItHadConnectedToBeforeIsResetToo() throws Exception {
        try (var first = Loopback.listen();
                var proxy =
                        ProxySetup.chooser("http-policy", "judge")
                                .to(Loopback.addressOf(first))
                                .to(Loopback.nobody())
                                .start();
                var client = Loopback.connect(proxy.address());
                var atFirst = Loopback.accept(first)) {
            assertReset(client);
            assertReset(atFirst);
            assertThat(proxy.refusal()).contains("refused");
            assertThat(proxy.report().accounts().keySet()).containsExactly("client", "upstream");
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void theNextClientsSlotIsTheSame() throws Exception {
        try (var proxy = ProxySetup.splice(Loopback.nobody()).start()) {
            for (int i = 0; i < 20; i++) {
                try (var client = Loopback.connect(proxy.address())) {
                    assertReset(client);
                }
                assertThat(proxy.report().slot()).isZero();
            }
            proxy.assertNothingIsLeft();
        }
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }
}
