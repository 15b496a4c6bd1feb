package io.jsockmap.cli;

import io.jsockmap.dashboard.state.EdgeRow;
import io.jsockmap.dashboard.state.IncidentRow;
import io.jsockmap.dashboard.state.MapRow;
import io.jsockmap.dashboard.state.Quantity;
import io.jsockmap.dashboard.state.SocketRow;
import io.jsockmap.dashboard.state.State;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What {@code top} shows: the state as lines. */
final class TopScreen {
    private static final Terminal.Size UNLIMITED =
            new Terminal.Size(Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** Lines that are always there: the header, and titles. */
    private static final int FRAME = 14;

    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private final Terminal.Size size;
    private final boolean styled;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param styled whether titles are bold
     */
    TopScreen(Terminal.Size size, boolean styled) {
        this.size = size;
        this.styled = styled;
    }

    /** All of it, as plain text. */
    static String plain(State state) {
        return String.join(System.lineSeparator(), new TopScreen(UNLIMITED, false).lines(state))
                + System.lineSeparator();
    }

    /** As many lines as the screen has, none longer than its width. */
    List<String> lines(State state) {
        lines.clear();
        header(state);
        // What is busiest comes first in each list, so what has no room is what matters least.
        int room = Math.max(3, size.rows() - FRAME);
        section("SOCKETS, the busiest first", state.sockets(), room / 3, TopScreen::socket);
        section("REDIRECTS", state.edges(), room / 3, TopScreen::edge);
        section("MAPS", state.maps(), room / 6, TopScreen::map);
        section("TROUBLES, the newest first", state.incidents(), room / 6, TopScreen::incident);
        return List.copyOf(lines.subList(0, Math.min(lines.size(), size.rows())));
    }

    private void header(State state) {
        title(
                "jsockmap top: %s, running for %s"
                        .formatted(state.object(), Quantity.time(state.uptimeSeconds())));
        line(state.listening());
        line("");
        line(
                "verdicts  pass %s  redirect %s  drop %s  together %s"
                        .formatted(
                                Quantity.rate(state.rates().pass()),
                                Quantity.rate(state.rates().redirect()),
                                Quantity.rate(state.rates().drop()),
                                Quantity.byteRate(state.rates().bytes())));
        var counts = state.counts();
        line(
                "sockets %s  waiting for room %s  faults %s  losses %s (%s bytes)  refusals %s"
                        .formatted(
                                Quantity.count(state.socketCount()),
                                Quantity.count(counts.paused()),
                                Quantity.count(counts.faults()),
                                Quantity.count(counts.losses()),
                                Quantity.count(counts.lostBytes()),
                                Quantity.count(counts.refusals())));
    }

    private <T> void section(String title, List<T> all, int most, Function<T, String> line) {
        line("");
        title(title);
        if (all.isEmpty()) line("  none");
        int shown = all.size() <= most ? all.size() : Math.max(1, most - 1);
        all.stream().limit(shown).map(line).forEach(this::line);
        if (shown < all.size()) line("  and %,d more".formatted(all.size() - shown));
    }

    private static String socket(SocketRow row) {
        return "  %-13s %11s  received %s  sent %s  held %s  %s  %s"
                .formatted(
                        row.label(),
                        Quantity.byteRate(row.bytesPerSecond()),
                        Quantity.bytes(row.received().in()),
                        Quantity.bytes(row.sent().in()),
                        Quantity.bytes(row.received().held() + row.sent().held()),
                        row.state(),
                        row.addresses());
    }

    private static String edge(EdgeRow row) {
        return "  %-13s -> %-13s %-8s %11s  %9s"
                .formatted(
                        row.sourceLabel(),
                        row.targetLabel(),
                        row.ingress() ? "ingress" : "egress",
                        Quantity.byteRate(row.bytesPerSecond()),
                        Quantity.rate(row.messagesPerSecond()));
    }

    private static String map(MapRow row) {
        return "  %-16s %-14s %s of %s  %s"
                .formatted(
                        row.name(),
                        row.type(),
                        row.elements(),
                        Quantity.count(row.maxEntries()),
                        row.programs());
    }

    private static String incident(IncidentRow row) {
        return "  %-8s socket %s: %s".formatted(row.kind(), row.socket(), row.text());
    }

    private void title(String text) {
        var cut = cut(text);
        lines.add(styled ? BOLD + cut + PLAIN : cut);
    }

    private void line(String text) {
        lines.add(cut(text.stripTrailing()));
    }

    /** What programs and files are called must not reach the terminal as commands. */
    private String cut(String text) {
        var safe = text.replaceAll("\\p{Cntrl}", "?");
        return safe.length() <= size.columns() ? safe : safe.substring(0, size.columns());
    }
}
