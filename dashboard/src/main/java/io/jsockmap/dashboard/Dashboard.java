package io.jsockmap.dashboard;

import io.jsockmap.dashboard.collect.Collector;
import io.jsockmap.dashboard.collect.Snapshots;
import io.jsockmap.dashboard.collect.Subject;
import io.jsockmap.dashboard.http.WebServer;
import io.jsockmap.sockmap.socket.Addresses;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A proxy's live page, its state as JSON, and its metrics, over HTTP. It only shows: nothing can be
 * changed by it. There is no password, so it belongs on loopback.
 *
 * {@snippet class="io.jsockmap.dashboard.examples.DashboardExamples" region="serve"}
 */
public final class Dashboard implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.dashboard");

    private final WebServer web;
    private final ScheduledExecutorService ticks;

    private Dashboard(WebServer web, ScheduledExecutorService ticks) {
        this.web = web;
        this.ticks = ticks;
    }

    /**
     * Begins to serve.
     *
     * @param address where; port 0 for any that is free
     * @param collector hears the engine, as its listener
     * @param subject what is shown
     * @throws IOException if it can't listen there
     */
    public static Dashboard start(InetSocketAddress address, Collector collector, Subject subject)
            throws IOException {
        var snapshots = new Snapshots(collector, subject, Clock.systemUTC(), System::nanoTime);
        WebServer web;
        try {
            web = WebServer.start(address, snapshots, subject.object());
        } catch (IOException e) {
            throw new IOException(
                    "can't serve HTTP on %s: %s"
                            .formatted(Addresses.print(address), e.getMessage()),
                    e);
        }
        var ticks =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("dashboard").factory());
        var _ = ticks.scheduleAtFixedRate(() -> tick(collector), 1, 1, TimeUnit.SECONDS);
        return new Dashboard(web, ticks);
    }

    /** One that fails must not be the last one. */
    private static void tick(Collector collector) {
        try {
            collector.tick();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the page's figures of a second are lost", e);
        }
    }

    /** Where it serves. */
    public InetSocketAddress address() {
        return web.address();
    }

    /** Stops at once. */
    @Override
    public void close() {
        ticks.shutdownNow();
        web.close();
    }
}
