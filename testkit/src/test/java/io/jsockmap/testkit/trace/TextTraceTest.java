package io.jsockmap.testkit.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.Approved;
import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.record.Tour;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.Collectors;

/** What a trace prints. */
class TextTraceTest {

    /** A changed message, a loop of callbacks, a tail call, a redirect, and printed text. */
    @Test
    void theTraceOfATourIsAsApproved() throws Exception {
        try (var tour = new Tour(RunLimits.TRACE)) {
            for (var message : new String[] {"Wbc", "Lx", "Tx", "Gx", "X" + "y".repeat(120)}) {
                tour.sends(message);
            }
            Approved.check(
                    "trace-tour.txt",
                    tour.runs().stream()
                            .map(run -> TextTrace.of(run, TraceOptions.DEFAULT))
                            .collect(Collectors.joining("\n")));
        }
    }

    @Test
    void withoutLinesThereAreTheMessageAndTheVerdict() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            assertThat(TextTrace.of(tour.sends("Gx"), new TraceOptions(false, 256)).lines())
                    .containsExactly(
                            "#1 first (sk_msg), socket 1 (10.0.0.1:40000 -> 10.0.0.3:8080) sends"
                                    + " 2 bytes",
                            "    0000  47 78" + " ".repeat(45) + "Gx",
                            "  => REDIRECT to ingress of socket 2 (10.0.0.1:80 ->"
                                    + " 10.0.0.2:40001)   by tour.bpf.c:98: return"
                                    + " bpf_msg_redirect_map(msg, &sockets, 1, BPF_F_INGRESS);");
        }
    }

    @Test
    void ofALongMessageTheFirstBytesAreShown() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            assertThat(TextTrace.of(tour.sends("D" + "x".repeat(99)), new TraceOptions(false, 20)))
                    .contains("0000 ", "0010 ", "(80 more bytes)")
                    .doesNotContain("0020 ");
        }
    }

    @Test
    void whatWasNotKeptIsCounted() {
        try (var tour = new Tour(RunLimits.TRACE.withSteps(5))) {
            var run = tour.sends("Pa");
            assertThat(TextTrace.of(run, TraceOptions.DEFAULT))
                    .contains(
                            "(%d instructions behind these were not kept)"
                                    .formatted(run.executed() - 5));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "program=first, true",
        "program=second, false",
        "verdict=redirect, true",
        "verdict=DROP, false",
        "port=8080, true",
        "port=40000, true",
        "port=81, false",
        "socket=1, true",
        "socket=2, false",
        "text=Gx, true",
        "text=xG, false",
        "'program=first,verdict=redirect,text=G', true",
        "'program=first,verdict=drop', false"
    })
    void aFilterLetsPassWhatHasAllOfIt(String filter, boolean passes) {
        try (var tour = new Tour(RunLimits.TRACE)) {
            assertThat(TraceFilter.parse(filter).test(tour.sends("Gx"))).isEqualTo(passes);
        }
    }
}
