package io.jsockmap.dashboard.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.jsockmap.dashboard.collect.Snapshots;
import io.jsockmap.dashboard.maps.MapPage;
import io.jsockmap.dashboard.metrics.Scrapes;
import io.jsockmap.dashboard.page.LivePage;
import io.jsockmap.dashboard.state.StateJson;
import io.jsockmap.sockmap.UserObject;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** The paths that are served, each request on a virtual thread of its own. */
public final class WebServer implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 128;
    private static final int REQUEST_SECONDS = 10;

    /** A browser that goes to sleep may take less; it asks again when it wakes up. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_EVENTS = Duration.ofSeconds(1);

    private static final String HTML = "text/html; charset=utf-8";
    private static final String MAPS = "/maps/";
    private static final Pattern PAGE = Pattern.compile("page=([0-9]{1,9})");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Guard guard;
    private final Snapshots snapshots;
    private final UserObject object;
    private final WriteLimit limit = new WriteLimit(LONGEST_WRITE);
    private final Scrapes scrapes = new Scrapes();
    private final Events events;

    private WebServer(HttpServer server, Snapshots snapshots, UserObject object) {
        this.server = server;
        this.snapshots = snapshots;
        this.object = object;
        guard = new Guard(server.getAddress());
        events = new Events(() -> LivePage.parts(snapshots.now()), BETWEEN_EVENTS, limit);
    }

    /**
     * Begins to serve.
     *
     * @param address where; port 0 for any that is free
     * @param object whose maps can be browsed
     * @throws IOException if it can't listen there
     */
    public static WebServer start(InetSocketAddress address, Snapshots snapshots, UserObject object)
            throws IOException {
        limit();
        var web = new WebServer(HttpServer.create(address, 0), snapshots, object);
        web.server.createContext("/", web::serve);
        web.server.setExecutor(web.threads);
        web.server.start();
        return web;
    }

    /**
     * The JDK's server takes its limits from properties, once: without them a client that sends
     * half a request would hold a descriptor of the process for ever.
     */
    private static void limit() {
        setDefault("jdk.httpserver.maxConnections", MOST_CONNECTIONS);
        setDefault("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
    }

    private static void setDefault(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var refusal = guard.refusal(exchange.getRequestMethod(), exchange.getRequestHeaders());
            var path = exchange.getRequestURI().getPath();
            if (refusal.isEmpty() && path.equals("/events")) {
                events.serve(exchange);
                return;
            }
            var answer =
                    refusal.map(why -> Answer.line(why.status(), why.reason()))
                            .orElseGet(() -> answer(exchange));
            limit.write(
                    () -> {
                        answer.send(exchange);
                        // Here, as it writes what is left.
                        exchange.close();
                    });
        }
    }

    private Answer answer(HttpExchange exchange) {
        var path = exchange.getRequestURI().getPath();
        return switch (path) {
            case "/" -> Answer.of(HTML, LivePage.page(snapshots.now()));
            case "/style.css" -> Answer.of("text/css; charset=utf-8", LivePage.style());
            case "/page.js" -> Answer.of("text/javascript; charset=utf-8", LivePage.script());
            case "/icon.svg" -> Answer.of("image/svg+xml", LivePage.icon());
            case "/api/state" ->
                    Answer.of("application/json; charset=utf-8", StateJson.write(snapshots.now()));
            case "/metrics" -> metrics(exchange);
            case "/healthz" -> health();
            default -> path.startsWith(MAPS) ? map(exchange) : nothing();
        };
    }

    private static Answer nothing() {
        return Answer.line(404, "there is no such page: begin at /");
    }

    /** For whoever only wants to know whether to send connections here. */
    private Answer health() {
        return snapshots.isServing()
                ? Answer.line(200, "ok")
                : Answer.line(503, "closing: no connection is accepted any more");
    }

    private Answer metrics(HttpExchange exchange) {
        var accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"));
        var exposition = scrapes.of(snapshots.metrics(), accept.orElse(""));
        return Answer.of(exposition.contentType(), exposition.body());
    }

    private Answer map(HttpExchange exchange) {
        var uri = exchange.getRequestURI();
        var name = uri.getPath().substring(MAPS.length());
        var map = object.maps().get(name);
        if (map == null) return nothing();
        var page = PAGE.matcher(Optional.ofNullable(uri.getQuery()).orElse(""));
        int number = page.matches() ? Integer.parseInt(page.group(1)) : 1;
        return Answer.of(
                HTML,
                LivePage.map(
                        object.spec().name(),
                        name,
                        map.definition().summary(),
                        MapPage.of(map, object.spec().btf(), number)));
    }

    /** Stops at once; whoever listens to events is cut off. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        limit.close();
    }
}
