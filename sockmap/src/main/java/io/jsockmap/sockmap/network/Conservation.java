package io.jsockmap.sockmap.network;

import io.jsockmap.sockmap.socket.Account;
import io.jsockmap.sockmap.socket.Account.Flow;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The law that no byte is lost or made up, looked at from outside of the sockets. */
final class Conservation {
    private final List<String> violations = new ArrayList<>();

    private Conservation() {}

    /** Where the accounts of some connections break it, in words. */
    static List<String> violations(List<Connection> connections) {
        var law = new Conservation();
        connections.forEach(law::checkAccount);
        law.checkTotals(connections);
        return law.violations;
    }

    private void checkAccount(Connection connection) {
        var account = connection.account();
        var peer = connection.peer();
        check(account.balances(), account, "does not balance");
        check(!anyNegative(account), account, "has a negative number");
        check(
                account.receive().in() == peer.bytesDelivered(),
                account,
                "received other than the %d bytes that its peer sent"
                        .formatted(peer.bytesDelivered()));
        check(
                account.egress().left() == peer.bytesTaken(),
                account,
                "wrote other than the %d bytes that its peer read".formatted(peer.bytesTaken()));
        check(
                account.ingress().left() <= connection.bytesRead(),
                account,
                "gave its application more than the %d bytes it read"
                        .formatted(connection.bytesRead()));
    }

    private static boolean anyNegative(Account account) {
        return LongStream.concat(
                        LongStream.concat(numbers(account.receive()), numbers(account.send())),
                        LongStream.of(account.ingress().waiting(), account.egress().waiting()))
                .anyMatch(n -> n < 0);
    }

    private static LongStream numbers(Flow flow) {
        return LongStream.of(
                flow.in(), flow.passed(), flow.redirected(), flow.dropped(), flow.held());
    }

    /** What judges gave away, over all sockets, is what queues, readers and judges took. */
    private void checkTotals(List<Connection> connections) {
        long given = 0;
        long taken = 0;
        for (var connection : connections) {
            var account = connection.account();
            given += forwarded(account.receive()) + forwarded(account.send());
            taken += account.ingress().entered() + account.egress().entered();
            taken += connection.bytesRead() - account.ingress().left();
            taken += account.delivered();
        }
        if (given == taken) return;
        violations.add("verdicts gave %d bytes away, and %d were taken".formatted(given, taken));
    }

    private static long forwarded(Flow flow) {
        return flow.passed() + flow.redirected();
    }

    private void check(boolean holds, Account account, String problem) {
        if (!holds) violations.add("%s: %s".formatted(problem, account));
    }
}
