package io.jsockmap.sockmap.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.kinds.Cell.Kind;
import io.jsockmap.sockmap.kinds.Cell.Outcome;
import io.jsockmap.sockmap.kinds.Cell.Route;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every program and direction, from every kind of socket to every kind. */
@DisplayName("C11: the redirect matrix")
@TestInstance(Lifecycle.PER_CLASS)
class RedirectMatrixTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Path APPROVED = ROOT.resolve("docs/redirect-matrix.md");
    private static final Path RECEIVED = ROOT.resolve("sockmap/target/received");

    private final Map<Cell, Outcome> outcomes = new HashMap<>();

    static Stream<Cell> cells() {
        return Arrays.stream(Route.values())
                .flatMap(
                        route ->
                                Arrays.stream(Kind.values())
                                        .flatMap(
                                                source ->
                                                        Arrays.stream(Kind.values())
                                                                .map(
                                                                        target ->
                                                                                new Cell(
                                                                                        route,
                                                                                        source,
                                                                                        target))));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("X1, X2, X5, S11, S37, K19, K32, K34, P18, P19: what goes, drops or never runs")
    @MethodSource("cells")
    void goesWhereTheKernelLetsIt(Cell cell) {
        assertThat(outcome(cell)).isEqualTo(expected(cell));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("X3: a SOCKHASH takes what a SOCKMAP takes")
    @MethodSource("cells")
    void theKindOfMapMakesNoDifference(Cell cell) {
        assertThat(cell.outcome(true)).isEqualTo(outcome(cell));
    }

    @Test
    @DisplayName("C11: the matrix is as approved, in docs/redirect-matrix.md")
    void isAsApproved() throws IOException {
        var text = markdown();
        var known = Files.exists(APPROVED) ? Files.readString(APPROVED) : "";
        var received = RECEIVED.resolve(APPROVED.getFileName());
        if (!known.equals(text)) {
            Files.createDirectories(RECEIVED);
            Files.writeString(received, text);
        }
        assertThat(text).as("if this is right: cp %s %s", received, APPROVED).isEqualTo(known);
    }

    private Outcome outcome(Cell cell) {
        return outcomes.computeIfAbsent(cell, c -> c.outcome(false));
    }

    private static Outcome expected(Cell cell) {
        boolean tcp = cell.target().isTcp();
        boolean vsock = cell.target().isVsock();
        if (cell.route().sends() && !cell.source().isTcp()) return Outcome.NEVER_RUNS;
        return switch (cell.route()) {
            case SK_MSG_EGRESS -> tcp ? Outcome.YES : Outcome.DROP;
            case SK_MSG_INGRESS, SK_SKB_INGRESS -> vsock ? Outcome.DROP : Outcome.YES;
            case SK_SKB_EGRESS -> Outcome.YES;
        };
    }

    // --- The text --------------------------------------------------------------------------------

    private String markdown() {
        var tables =
                Arrays.stream(Route.values()).map(this::table).collect(Collectors.joining("\n"));
        var lines = Arrays.stream(Route.values()).map(this::lines).collect(Collectors.joining());
        return """
        # The redirect matrix

        From which socket (rows) an sk_msg or sk_skb program may redirect bytes to which (columns). A target is connected, and \
        in a map. SOCKMAP
        and SOCKHASH do not differ. The `RedirectMatrixTest` of the module `sockmap` sends bytes through every cell, over a \
        network in memory, and
        compares what became of them with this text. The one of the module `proxy` repeats it over real sockets: not vsock \
        seqpacket, and vsock
        stream only where the machine has its loopback. No adapter opens vsock sockets for applications.

        - **yes**: the bytes arrive at the target, and nowhere else.
        - **drop**: the redirect helper returns SK_DROP.
        - **never runs**: an sk_msg program takes effect on TCP only; the bytes go their ordinary way.

        %s
        ## For a comparison

        The same in the form of the [published result of a kernel](https://github.com/jsitnicki/sockmap-redir-matrix), whose \
        FAIL does not tell drop
        from never runs:

        ```
        %s```
        """
                .formatted(tables, lines);
    }

    private String table(Route route) {
        var text = new StringBuilder("## %s\n\n| |".formatted(route));
        for (var target : Kind.values()) text.append(" → %s |".formatted(target));
        text.append("\n|---|").append("---|".repeat(Kind.values().length)).append("\n");
        for (var source : Kind.values()) {
            text.append("| **%s** |".formatted(source));
            for (var target : Kind.values()) {
                text.append(" %s |".formatted(outcome(new Cell(route, source, target))));
            }
            text.append("\n");
        }
        return text.toString();
    }

    /** In the published order: a kind to itself first. */
    private String lines(Route route) {
        var all = cells().filter(cell -> cell.route() == route).toList();
        var same = all.stream().filter(cell -> cell.source() == cell.target()).toList();
        var other = all.stream().filter(cell -> cell.source() != cell.target()).toList();
        return "%s:\n%s%s (cross-proto):\n%s".formatted(route, lines(same), route, lines(other));
    }

    private String lines(List<Cell> cells) {
        return cells.stream()
                .map(
                        cell ->
                                "%7s → %5s: %s\n"
                                        .formatted(
                                                cell.source(),
                                                cell.target(),
                                                outcome(cell) == Outcome.YES ? "OK" : "FAIL"))
                .collect(Collectors.joining());
    }
}
