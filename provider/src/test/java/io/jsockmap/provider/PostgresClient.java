package io.jsockmap.provider;

import org.postgresql.PGConnection;

import java.nio.channels.spi.SelectorProvider;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;

/**
 * PostgreSQL's own client, which uses {@code java.net.Socket}, with programs that see its bytes.
 */
final class PostgresClient {
    private static final int ROWS = 10_000;
    private static final int LARGE = 1 << 22;

    private PostgresClient() {}

    public static void main(String[] arguments) throws Exception {
        var policy = Policy.judging();
        JavaSockets.install(SockmapSelectorProvider.over(SelectorProvider.provider(), policy));
        var address =
                "jdbc:postgresql://127.0.0.1:%s/postgres?user=postgres"
                        .formatted(System.getProperty("postgres.port"));
        try (var connection = DriverManager.getConnection(address)) {
            insertAndCount(connection);
            sendAndReadBack(connection);
            listen(connection, address);
            cancel(connection);
        }
        HttpTraffic.check(policy.received() > LARGE, "the verdict did not see all bytes");
        HttpTraffic.check(policy.sent() > LARGE, "the sk_msg program did not see all bytes");
        System.out.println("all well");
        System.exit(0);
    }

    /** Many rows in one batch: the client reads while it writes. */
    private static void insertAndCount(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("create table numbers (n int, word text)");
        }
        try (var insert = connection.prepareStatement("insert into numbers values (?, ?)")) {
            for (int i = 0; i < ROWS; i++) {
                insert.setInt(1, i);
                insert.setString(2, "word " + i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (var statement = connection.createStatement();
                var sum = statement.executeQuery("select count(*), sum(n) from numbers")) {
            sum.next();
            HttpTraffic.check(sum.getInt(1) == ROWS, "not all rows came");
            HttpTraffic.check(
                    sum.getLong(2) == (ROWS - 1L) * ROWS / 2, "rows are not what they were");
        }
    }

    private static void sendAndReadBack(Connection connection) throws SQLException {
        var large = new byte[LARGE];
        new Random(1).nextBytes(large);
        try (var query = connection.prepareStatement("select ?::bytea")) {
            query.setBytes(1, large);
            try (var back = query.executeQuery()) {
                back.next();
                HttpTraffic.check(Arrays.equals(back.getBytes(1), large), "bytes were changed");
            }
        }
    }

    /** A read that may not wait for long, and one that waits for what another connection does. */
    private static void listen(Connection connection, String address) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("listen news");
        }
        var listening = connection.unwrap(PGConnection.class);
        HttpTraffic.check(listening.getNotifications(1).length == 0, "news of nothing");
        try (var other = DriverManager.getConnection(address);
                var statement = other.createStatement()) {
            statement.execute("notify news, 'here'");
        }
        var news = listening.getNotifications(0);
        HttpTraffic.check(news[0].getParameter().equals("here"), "no news");
    }

    /** Its timeout opens another connection, by which the server is told. */
    private static void cancel(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            statement.execute("select pg_sleep(600)");
            HttpTraffic.check(false, "a statement that was cancelled ended");
        } catch (SQLException e) {
            HttpTraffic.check(e.getSQLState().equals("57014"), "another end: " + e);
        }
        try (var statement = connection.createStatement();
                var one = statement.executeQuery("select 1")) {
            HttpTraffic.check(one.next(), "the connection did not survive");
        }
    }
}
