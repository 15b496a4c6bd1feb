package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.proxy.carry.Carriers;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.setup.Insertion;
import io.jsockmap.sockmap.socket.Account;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A proxy under test, on loopback, with what it reported. */
final class RunningProxy implements AutoCloseable {
    final UserEngine engine;
    final UserObject object;
    final Proxy proxy;
    private final BlockingQueue<ConnectionReport> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();

    RunningProxy(
            UserEngine engine,
            UserObject object,
            SocketAddress listen,
            List<SocketAddress> upstreams,
            List<Insertion> insertions,
            Function<UserEngine, Carriers> carriers)
            throws IOException {
        this.engine = engine;
        this.object = object;
        proxy = Proxy.start(engine, listen, upstreams, insertions, new Reports(), carriers);
    }

    private final class Reports implements ProxyListener {
        @Override
        public void ended(ConnectionReport report) {
            reports.add(report);
        }

        @Override
        public void refused(String reason) {
            refusals.add(reason);
        }
    }

    InetSocketAddress address() {
        return proxy.address();
    }

    /** The next connection that is over. */
    ConnectionReport report() throws InterruptedException {
        return taken(reports, "report of a connection");
    }

    List<ConnectionReport> reports(int count) throws InterruptedException {
        List<ConnectionReport> all = new ArrayList<>();
        for (int i = 0; i < count; i++) all.add(report());
        return all;
    }

    /** Why the next connection could not be set up. */
    String refusal() throws InterruptedException {
        return taken(refusals, "refusal");
    }

    private static <T> T taken(BlockingQueue<T> queue, String what) throws InterruptedException {
        var next = queue.poll(Loopback.HANG_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("the next %s", what).isNotNull();
        return next;
    }

    /**
     * Waits until a socket of the only open connection has received so many bytes: what is sent
     * then comes in a piece of its own.
     */
    void awaitReceived(String socket, long bytes) throws TimeoutException {
        long hangs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Loopback.HANG_SECONDS);
        while (received(socket) < bytes) {
            if (System.nanoTime() > hangs) throw new TimeoutException(socket + " gets nothing");
            Thread.onSpinWait();
        }
    }

    private long received(String socket) {
        return proxy.connections().stream()
                .map(connection -> connection.accounts().get(socket))
                .filter(Objects::nonNull)
                .mapToLong(account -> account.receive().in())
                .sum();
    }

    /** All connections have been reported as over, so nothing of them may be left. */
    void assertNothingIsLeft() {
        assertThat(proxy.connections()).as("open connections").isEmpty();
        assertThat(engine.sockets()).as("sockets of the engine").isEmpty();
        assertThat(object.socketMaps())
                .allSatisfy(map -> assertThat(map.size()).as(map.name()).isZero());
        assertThat(reports).as("reports that nobody expected").isEmpty();
    }

    /** No byte is missing, none was made up, and none waits any more. */
    static void assertBalanced(ConnectionReport report) {
        assertThat(report.accounts()).isNotEmpty();
        assertThat(report.accounts()).allSatisfy(RunningProxy::assertBalanced);
    }

    private static void assertBalanced(String socket, Account account) {
        assertThat(account.balances()).as("%s balances: %s", socket, account).isTrue();
        assertThat(account.receive().held()).as("%s received, held", socket).isZero();
        assertThat(account.send().held()).as("%s sent, held", socket).isZero();
        assertThat(account.ingress().waiting()).as("%s ingress", socket).isZero();
        assertThat(account.egress().waiting()).as("%s egress", socket).isZero();
    }

    UserSocketMap map(String name) {
        return object.socketMap(name);
    }

    @Override
    public void close() {
        proxy.close();
        object.close();
        engine.close();
    }
}
