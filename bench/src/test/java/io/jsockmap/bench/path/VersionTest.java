package io.jsockmap.bench.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void aReleaseIsTheFirstNumberWithDots() {
        assertThat(Version.first("HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://x/1.2"))
                .isEqualTo("2.6.12");
        assertThat(Version.first("socat by G. R. and 3 more\nsocat version 1.7.4.4 on 06 Nov"))
                .isEqualTo("1.7.4.4");
        assertThat(Version.first("no release")).isEmpty();
    }
}
