package io.jsockmap.dashboard.maps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class BtfTextTest {
    private final BtfText text = new BtfText(Optional.empty());

    @Test
    void whatIsLongIsCutOff() {
        assertThat(text.print(0, new byte[10_000])).hasSizeLessThan(410).endsWith("…");
        assertThat(text.print(0, new byte[] {1, 0})).isEqualTo("1");
    }
}
