package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.sockmap.UserEngine;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who asks a proxy whether it is open hears of its end no later than its connections do. */
class ClosingProxyTest {
    private final List<Boolean> openAtEnds = new ArrayList<>();
    private Proxy proxy;

    @Test
    void itIsOpenUntilItIsClosed() throws IOException {
        try (var engine = Engines.open()) {
            proxy = start(engine);
            assertThat(proxy.isOpen()).isTrue();
            proxy.close();
            assertThat(proxy.isOpen()).isFalse();
        }
    }

    @Test
    void aConnectionThatEndsByItsCloseFindsItClosed() throws Exception {
        try (var engine = Engines.open()) {
            proxy = start(engine);
            try (var _ = Loopback.connect(proxy.address())) {
                while (proxy.connections().isEmpty()) Thread.onSpinWait();
                proxy.close();
            }
        }
        assertThat(openAtEnds).containsExactly(false);
    }

    @Test
    void aDrainWaitsForTheConnectionsThatAreOpenAndTakesNoOther() throws Exception {
        try (var engine = Engines.open()) {
            proxy = start(engine);
            var address = proxy.address();
            try (var client = Loopback.connect(address)) {
                while (proxy.connections().isEmpty()) Thread.onSpinWait();
                assertThat(proxy.drain(Duration.ZERO)).isEqualTo(1);
                assertThat(proxy.isOpen()).isFalse();
                assertThatThrownBy(() -> Loopback.connect(address))
                        .isInstanceOf(ConnectException.class);

                client.getOutputStream().write(1);
                client.shutdownOutput();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(proxy.drain(Duration.ofDays(1))).isZero();
            proxy.close();
        }
        assertThat(openAtEnds).containsExactly(false);
    }

    private Proxy start(UserEngine engine) throws IOException {
        return Proxy.start(
                engine,
                Loopback.anyPort(),
                List.of(),
                List.of(),
                new ProxyListener() {
                    @Override
                    public void ended(ConnectionReport report) {
                        openAtEnds.add(proxy.isOpen());
                    }
                });
    }
}
