package io.jsockmap.bpf.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeNamesTest {
    @ParameterizedTest
    @CsvSource({
        "sock, sock",
        "sock___old, sock",
        "sock___old___older, sock___old",
        "sock__old, sock__old",
        "sock____old, sock____old",
        "___sock, ___sock",
        "sock___, sock___",
        "a___b, a",
        "__sk_buff___my, __sk_buff",
        "'', ''",
    })
    void aFlavourIsWhatStandsBehindThreeUnderscores(String name, String plain) {
        assertThat(TypeNames.withoutFlavour(name)).isEqualTo(plain);
    }
}
