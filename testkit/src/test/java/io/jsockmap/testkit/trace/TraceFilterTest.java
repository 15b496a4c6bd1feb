package io.jsockmap.testkit.trace;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters that nobody can mean. */
class TraceFilterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    drop           | filter 'drop': expected NAME=VALUE
                    verdict=       | filter 'verdict=': expected NAME=VALUE
                    verdict=maybe  | filter 'verdict=maybe': expected one of pass, drop, redirect, hold, parsed, return, fault
                    port=x         | filter 'port=x': expected a number
                    port=65536     | filter 'port=65536': a port is 0 to 65535
                    text=a,colour=b | filter 'colour=b': expected program, verdict, socket, port or text
                    """)
    void aMistakeNamesThePart(String filter, String complaint) {
        assertThatThrownBy(() -> TraceFilter.parse(filter))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(complaint);
    }
}
