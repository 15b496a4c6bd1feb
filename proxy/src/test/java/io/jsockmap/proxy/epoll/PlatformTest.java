package io.jsockmap.proxy.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A platform without epoll of ours is told by its name. */
class PlatformTest {
    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Windows 11, amd64", "Linux, s390x"})
    void anotherPlatformIsRefused(String system, String architecture) {
        assertThat(EpollCarriers.refusal(system, architecture))
                .contains("this is %s on %s".formatted(system, architecture));
    }
}
