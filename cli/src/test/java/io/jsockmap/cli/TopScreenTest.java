package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.dashboard.state.Counts;
import io.jsockmap.dashboard.state.EdgeRow;
import io.jsockmap.dashboard.state.FlowRow;
import io.jsockmap.dashboard.state.IncidentRow;
import io.jsockmap.dashboard.state.MapRow;
import io.jsockmap.dashboard.state.Rates;
import io.jsockmap.dashboard.state.SocketRow;
import io.jsockmap.dashboard.state.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.stream.IntStream;

/** What top shows of a state. */
class TopScreenTest {
    private static State state(int sockets) {
        var flow = new FlowRow(1500, 0, 0, 1500, 0, 0, true);
        return new State(
                State.FORMAT,
                0,
                3725,
                "policy.bpf.o",
                "listening on 127.0.0.1:7000",
                new Rates(1500, 2, 20, 3_400_000),
                List.of(),
                List.of(),
                sockets,
                IntStream.range(0, sockets)
                        .mapToObj(
                                i ->
                                        new SocketRow(
                                                i,
                                                "client",
                                                i,
                                                "a -> b",
                                                "ESTABLISHED",
                                                "verdict=judge",
                                                flow,
                                                flow,
                                                1000))
                        .toList(),
                List.of(new EdgeRow(1, "client 1", 2, "upstream 1", false, 10, 1500, 20, 3000)),
                List.of(),
                List.of(),
                List.of(
                        new MapRow("peers", "sockhash", 2, 65536, 8, 8, "verdict=judge"),
                        new MapRow("counts", "array", -1, 4, 4, 8, "")),
                1,
                List.of(),
                List.of(new IncidentRow(0, "loss", "1 (a -> b)", "8 bytes \u001b[31mlost")),
                new Counts(0, 1, 8, 0, 0, 3, 1));
    }

    @Test
    void plainLinesTellAll() throws Exception {
        Approved.check("top", TopScreen.plain(state(2)));
    }

    @ParameterizedTest
    @CsvSource({"24, 80", "10, 40", "60, 200", "1, 1"})
    void whatIsDrawnFitsTheScreen(int rows, int columns) {
        var lines = new TopScreen(new Terminal.Size(rows, columns), false).lines(state(100));

        assertThat(lines).hasSizeLessThanOrEqualTo(rows);
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
    }

    @Test
    void eachListHasAPartOfTheScreen() {
        var lines = new TopScreen(new Terminal.Size(40, 120), false).lines(state(100));

        assertThat(lines)
                .contains("SOCKETS, the busiest first", "REDIRECTS", "MAPS")
                .anyMatch(line -> line.matches("  and \\d+ more"))
                .anyMatch(line -> line.contains("client 1      -> upstream 1"));
    }

    @Test
    void whatComesFromElsewhereGivesTheTerminalNoCommands() {
        var screen = new TopScreen(new Terminal.Size(40, 120), false);
        assertThat(screen.lines(state(1))).noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void titlesAreBoldWhereStylesAreWanted() {
        var screen = new TopScreen(new Terminal.Size(40, 120), true);
        assertThat(screen.lines(state(1)).getFirst()).startsWith("\u001b[1m").endsWith("\u001b[0m");
    }
}
