package io.jsockmap.dashboard.page;

import io.jsockmap.dashboard.state.EdgeRow;
import io.jsockmap.dashboard.state.FlowRow;
import io.jsockmap.dashboard.state.IncidentRow;
import io.jsockmap.dashboard.state.MapRow;
import io.jsockmap.dashboard.state.MessageRow;
import io.jsockmap.dashboard.state.ProgramRow;
import io.jsockmap.dashboard.state.Quantity;
import io.jsockmap.dashboard.state.SocketRow;
import io.jsockmap.dashboard.state.State;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The parts of the page that live: HTML by the id of the element that it is in. */
final class Parts {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final int BYTES_IN_A_GROUP = 8;

    private Parts() {}

    static Map<String, String> of(State state) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("summary", Html.text(summary(state)));
        parts.put("counters", counters(state));
        parts.put("chart", ChartSvg.draw(state));
        parts.put("chart-text", Html.text(ChartSvg.inWords(state.history())));
        parts.put(
                "programs",
                Rows.of(state.programs(), 5, "No message was judged yet.", Parts::program));
        parts.put("graph", GraphSvg.draw(state));
        parts.put("edges", Rows.of(state.edges(), 7, "Nothing is redirected.", Parts::edge));
        parts.put("socket-note", Html.text(socketNote(state)));
        parts.put("sockets", Rows.of(state.sockets(), 14, "No sockets.", Parts::socket));
        parts.put("maps", Rows.of(state.maps(), 6, "The object has no maps.", Parts::map));
        parts.put("message-note", Html.text(messageNote(state)));
        parts.put("messages", Rows.of(state.messages(), 9, "No message yet.", Parts::message));
        parts.put("incidents", Rows.of(state.incidents(), 4, "None.", Parts::incident));
        return parts;
    }

    /** What is said aloud now and then. */
    private static String summary(State state) {
        return "%s sockets, %s verdicts, %s faults, %s losses"
                .formatted(
                        Quantity.count(state.socketCount()),
                        Quantity.rate(state.rates().messages()),
                        Quantity.count(state.counts().faults()),
                        Quantity.count(state.counts().losses()));
    }

    private static String counters(State state) {
        var counts = state.counts();
        return counter("Sockets", Quantity.count(state.socketCount()))
                + counter("Passed", Quantity.rate(state.rates().pass()))
                + counter("Redirected", Quantity.rate(state.rates().redirect()))
                + counter("Dropped", Quantity.rate(state.rates().drop()))
                + counter("Judged", Quantity.byteRate(state.rates().bytes()))
                + counter("Waiting for room", Quantity.count(counts.paused()))
                + counter("Faults", Quantity.count(counts.faults()))
                + counter("Bytes lost", Quantity.count(counts.lostBytes()))
                + counter("Running for", Quantity.time(state.uptimeSeconds()));
    }

    private static String counter(String name, String value) {
        return "<div><dt>%s</dt><dd>%s</dd></div>".formatted(Html.text(name), Html.text(value));
    }

    private static Rows program(ProgramRow row) {
        return Rows.row()
                .head(row.program())
                .text(row.direction())
                .word(row.verdict(), row.verdict())
                .number(Quantity.count(row.messages()))
                .number(Quantity.count(row.bytes()));
    }

    private static Rows edge(EdgeRow row) {
        return Rows.row()
                .head(row.sourceLabel())
                .text(row.targetLabel())
                .text(row.ingress() ? "its application" : "its peer")
                .number(Quantity.byteRate(row.bytesPerSecond()))
                .number(Quantity.rate(row.messagesPerSecond()))
                .number(Quantity.count(row.bytes()))
                .number(Quantity.count(row.messages()));
    }

    private static String socketNote(State state) {
        if (state.socketCount() <= state.sockets().size()) return "";
        return "The %d busiest of %d sockets."
                .formatted(state.sockets().size(), state.socketCount());
    }

    private static Rows socket(SocketRow row) {
        var cells =
                Rows.row()
                        .head(row.label())
                        .text(row.addresses())
                        .text(row.state())
                        .text(row.programs())
                        .number(Quantity.byteRate(row.bytesPerSecond()));
        flow(cells, row.received());
        flow(cells, row.sent());
        boolean balances = row.received().balances() && row.sent().balances();
        return cells.word(balances ? "good" : "bad", balances ? "balances" : "DOES NOT BALANCE");
    }

    /** What came is told with what programs put in or took out. */
    private static void flow(Rows cells, FlowRow flow) {
        var edited =
                flow.edited() == 0
                        ? ""
                        : " %s%s"
                                .formatted(
                                        flow.edited() > 0 ? "+" : "−",
                                        Quantity.count(Math.abs(flow.edited())));
        cells.number(Quantity.count(flow.in()) + edited)
                .number(Quantity.count(flow.passed()) + " + " + Quantity.count(flow.redirected()))
                .number(Quantity.count(flow.dropped()))
                .number(Quantity.count(flow.held()));
    }

    private static Rows map(MapRow row) {
        return Rows.row()
                .link(LivePage.mapLink(row.name()), row.name())
                .text(row.type())
                .number(row.elements())
                .number(Quantity.count(row.maxEntries()))
                .number(row.keySize() + " / " + row.valueSize())
                .text(row.programs());
    }

    private static String messageNote(State state) {
        if (state.sampledOneIn() == 1) return "";
        return "There are many: about one of %s is shown."
                .formatted(Quantity.count(state.sampledOneIn()));
    }

    private static Rows message(MessageRow row) {
        var unseen = row.hex().isEmpty() && row.length() > 0;
        return Rows.row()
                .head(time(row.time()))
                .text(row.socket() + " " + row.direction())
                .text(row.program())
                .word(row.verdict(), row.verdict())
                .text(row.target())
                .code(row.line())
                .number(Quantity.count(row.length()))
                .code(unseen ? "passed unseen" : grouped(row.hex()))
                .code(row.text());
    }

    private static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }

    /** A space behind each 8 bytes, where lines may break. */
    private static String grouped(String hex) {
        return hex.replaceAll("(.{%d})(?=.)".formatted(2 * BYTES_IN_A_GROUP), "$1 ");
    }

    private static Rows incident(IncidentRow row) {
        return Rows.row()
                .head(time(row.time()))
                .word("bad", row.kind())
                .text(row.socket())
                .text(row.text());
    }
}
