package io.jsockmap.dashboard.collect;

import io.jsockmap.dashboard.state.EdgeRow;
import io.jsockmap.dashboard.state.FlowRow;
import io.jsockmap.dashboard.state.GroupRow;
import io.jsockmap.dashboard.state.SocketRow;
import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.sockmap.socket.Account;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The sockets at one moment, and how people call them. */
final class Sockets {
    /** As many are told one by one; of edges too. */
    static final int MOST = 200;

    /** Sockets of no connection. */
    private static final String OTHER = "other";

    private final List<SocketRow> all;
    private final Map<Long, SocketRow> byCookie;

    private Sockets(List<SocketRow> all) {
        this.all = all;
        byCookie =
                all.stream().collect(Collectors.toMap(SocketRow::cookie, row -> row, (a, _) -> a));
    }

    static Sockets of(List<ConnectionReport> connections, SocketRates rates, long now) {
        List<SocketRow> all = new ArrayList<>();
        rates.begin(now);
        for (var connection : connections) {
            connection
                    .accounts()
                    .forEach((name, account) -> all.add(row(connection, name, account, rates)));
        }
        rates.end();
        all.sort(
                Comparator.comparingDouble(SocketRow::bytesPerSecond)
                        .reversed()
                        .thenComparingInt(SocketRow::connection)
                        .thenComparing(SocketRow::name));
        return new Sockets(all);
    }

    private static SocketRow row(
            ConnectionReport connection, String name, Account account, SocketRates rates) {
        long moved = account.receive().in() + account.egress().left();
        return new SocketRow(
                connection.slot(),
                name,
                account.cookie(),
                account.addresses().toString(),
                account.state().name(),
                account.programs(),
                FlowRow.of(account.receive()),
                FlowRow.of(account.send()),
                rates.of(account.cookie(), moved));
    }

    List<SocketRow> busiest() {
        return all.subList(0, Math.min(MOST, all.size()));
    }

    /** How people call a socket; by its cookie if it has gone. */
    String label(long cookie) {
        var socket = byCookie.get(cookie);
        return socket == null ? "socket " + cookie : socket.label();
    }

    private String group(long cookie) {
        var socket = byCookie.get(cookie);
        return socket == null ? OTHER : socket.name();
    }

    List<EdgeRow> edges(List<Edge> edges) {
        return edges.stream()
                .limit(MOST)
                .map(e -> row(e, e.source(), label(e.source()), e.target(), label(e.target())))
                .toList();
    }

    private static EdgeRow row(
            Edge edge, long source, String sourceLabel, long target, String targetLabel) {
        return new EdgeRow(
                source,
                sourceLabel,
                target,
                targetLabel,
                edge.ingress(),
                edge.messages(),
                edge.bytes(),
                edge.messagesPerSecond(),
                edge.bytesPerSecond());
    }

    /** By name; behind the others those of no connection. */
    List<GroupRow> groups() {
        Map<String, Integer> sizes = new TreeMap<>();
        for (var socket : all) sizes.merge(socket.name(), 1, Integer::sum);
        List<GroupRow> groups = new ArrayList<>();
        sizes.forEach((name, size) -> groups.add(new GroupRow(name, size)));
        groups.add(new GroupRow(OTHER, 0));
        return groups;
    }

    /** The edges between groups, each the sum of those between their sockets. */
    List<EdgeRow> groupEdges(List<Edge> edges) {
        var names = groups().stream().map(GroupRow::name).toList();
        Map<List<Object>, EdgeRow> sums = new LinkedHashMap<>();
        for (var edge : edges) {
            var source = group(edge.source());
            var target = group(edge.target());
            var row = row(edge, names.indexOf(source), source, names.indexOf(target), target);
            sums.merge(List.of(source, target, edge.ingress()), row, Sockets::sum);
        }
        return List.copyOf(sums.values());
    }

    private static EdgeRow sum(EdgeRow one, EdgeRow other) {
        return new EdgeRow(
                one.source(),
                one.sourceLabel(),
                one.target(),
                one.targetLabel(),
                one.ingress(),
                one.messages() + other.messages(),
                one.bytes() + other.bytes(),
                one.messagesPerSecond() + other.messagesPerSecond(),
                one.bytesPerSecond() + other.bytesPerSecond());
    }
}
