package io.jsockmap.cli;

import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.proxy.Proxy;
import io.jsockmap.sockmap.map.UserSocketMap;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** What became of the bytes of all connections of a proxy, also of those that are over. */
final class Accounts {
    /** As many connections that are over are printed. */
    private static final int KEPT = 100;

    private final Queue<ConnectionReport> over = new ArrayDeque<>();
    private Report.Balance balance = new Report.Balance(0, 0, 0);

    /** A connection is over. */
    synchronized void add(ConnectionReport connection) {
        balance = balance.with(connection.accounts());
        over.add(connection);
        if (over.size() > KEPT) over.remove();
    }

    synchronized void print(PrintWriter out, Proxy proxy, List<UserSocketMap> maps) {
        var report = new Report(out);
        var open = proxy.connections();
        report.connections("open:", open);
        report.connections("over (the last %d at the most):".formatted(KEPT), List.copyOf(over));
        report.maps(maps);
        var all = balance;
        for (var connection : open) all = all.with(connection.accounts());
        report.balance(all);
        out.flush();
    }
}
