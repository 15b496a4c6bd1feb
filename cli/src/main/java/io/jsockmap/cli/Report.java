package io.jsockmap.cli;

import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.socket.Account;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Prints accounts: what became of the bytes, and whether any is missing. */
final class Report {
    private final PrintWriter out;

    Report(PrintWriter out) {
        this.out = out;
    }

    /** The maps, what they have attached, and how many of their sockets came too early. */
    void maps(List<UserSocketMap> maps) {
        for (var map : maps) {
            long without = map.withoutProgram();
            out.printf(
                    "map %s: %s; %d sockets%s%n",
                    map,
                    map.programs().describe(),
                    map.size(),
                    without == 0
                            ? ""
                            : " (%d WITHOUT PROGRAM: inserted before it was attached)"
                                    .formatted(without));
        }
    }

    void connections(String title, List<ConnectionReport> connections) {
        if (connections.isEmpty()) return;
        out.println(title);
        for (var connection : connections) {
            out.printf(
                    "connection %d%s%n",
                    connection.slot(),
                    connection.problem().isEmpty() ? "" : ": " + connection.problem());
            connection.accounts().forEach(this::account);
        }
    }

    private void account(String name, Account account) {
        out.printf(
                "  %-9s %s %s, %s%n",
                name, account.addresses(), account.state(), account.programs());
        flow("received", account.receive());
        flow("sent", account.send());
        queue("for the application", "read", account.ingress());
        queue("for the network", "written", account.egress());
    }

    private void flow(String name, Account.Flow flow) {
        if (flow.in() == 0) return;
        out.printf(
                "    %-8s %,d%s = %,d passed + %,d redirected + %,d dropped + %,d held%s%n",
                name,
                flow.in(),
                flow.edited() == 0 ? "" : " %+,d by programs".formatted(flow.edited()),
                flow.passed(),
                flow.redirected(),
                flow.dropped(),
                flow.held(),
                flow.balances() ? "" : "   DOES NOT BALANCE");
    }

    private void queue(String name, String taken, Account.Queue queue) {
        if (queue.entered() == 0) return;
        out.printf(
                "    %s: %,d = %,d %s + %,d discarded + %,d waiting%n",
                name, queue.entered(), queue.left(), taken, queue.discarded(), queue.waiting());
    }

    /** One line for all. */
    void balance(Balance all) {
        out.printf(
                "%d sockets, %s, %,d bytes dropped%n",
                all.sockets,
                all.unbalanced == 0
                        ? "every byte accounted for"
                        : "%d of them DO NOT BALANCE".formatted(all.unbalanced),
                all.dropped);
    }

    /** Accounts in short. */
    record Balance(long sockets, long unbalanced, long dropped) {
        Balance with(Map<String, Account> accounts) {
            long others = unbalanced;
            long bytes = dropped;
            for (var account : accounts.values()) {
                if (!account.balances()) others++;
                bytes += account.receive().dropped() + account.send().dropped();
            }
            return new Balance(sockets + accounts.size(), others, bytes);
        }
    }
}
