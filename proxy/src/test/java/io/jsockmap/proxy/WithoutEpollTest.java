package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said of the platform is what the proxy goes by. */
class WithoutEpollTest {
    @Test
    void thereIsAReasonExactlyWhereNettyCarriesTheBytes() {
        try (var engine = Engines.open()) {
            var carriers = Proxy.carriers(engine);
            try {
                assertThat(Proxy.withoutEpoll().isPresent())
                        .isEqualTo(carriers instanceof NettyCarriers);
            } finally {
                carriers.stop();
            }
        }
    }
}
