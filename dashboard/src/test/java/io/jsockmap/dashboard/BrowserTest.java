package io.jsockmap.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;

import io.jsockmap.dashboard.http.WebServer;
import io.jsockmap.dashboard.state.Quantity;
import io.jsockmap.sockmap.socket.Chunk;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The page in a real browser: that it lives, and that everybody can use it. Skipped where there is
 * no Chromium, except where CI says that there must be one.
 */
class BrowserTest {
    private static final int WIDTH = 1280;

    /** So many that there are redirects in the last. */
    private static final int SECONDS = 91;

    private static final Path TARGET =
            Path.of(System.getProperty("jsockmap.root", "..")).resolve("dashboard/target");

    private static Stage stage;
    private static WebServer server;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        var program = Browser.program();
        boolean isCi = "true".equals(System.getenv("CI"));
        assumeTrue(program.isPresent() || isCi, "no chromium is installed: the page is not tried");
        assertThat(program).as("a chromium, which CI must have").isPresent();
        stage = new Stage();
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = WebServer.start(loopback, stage.snapshots(), stage.object());
        browser = Browser.start(program.get(), TARGET.resolve("browser"));
        browser.zoom(WIDTH, 1);
        stage.collector().lookedAt();
        play();
    }

    @AfterAll
    static void stop() {
        if (browser != null) browser.close();
        if (server != null) server.close();
        if (stage != null) stage.close();
    }

    /** A minute and a half of traffic, with some of everything. */
    private static void play() {
        var clients = Stream.generate(stage::connect).limit(4).toList();
        for (int second = 0; second < SECONDS; second++) {
            for (int i = 0; i < clients.size(); i++) {
                for (int n = 0; n < second % (7 + i); n++)
                    stage.ask(clients.get(i), "GET", "/" + n);
                if (second % 3 == 0) stage.ask(clients.get(i), "GET", "/admin/users");
                if (second % 11 == i) stage.ask(clients.get(i), "DELETE", "/orders/7");
            }
            stage.drain();
            if (second < SECONDS - 1) stage.tick();
            stage.collector().lookedAt();
        }
        var client = stage.connect();
        client.received(Chunk.of("GET /cut".getBytes(StandardCharsets.US_ASCII)));
        client.receivedEnd();
        stage.tick();
    }

    private static List<String> texts(String script) throws InterruptedException {
        return browser.evaluate("(" + script + ")").getAsJsonArray().asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }

    /** Waits until an expression of the page becomes true; the page changes by itself. */
    private static void await(String condition) throws InterruptedException {
        browser.evaluate(
                """
                new Promise(done => {
                  const look = () => { if (%s) done(); };
                  const all = {subtree: true, childList: true, characterData: true};
                  new MutationObserver(look).observe(document.body, all);
                  look();
                })\
                """
                        .formatted(condition));
    }

    private static void open(String path) throws InterruptedException {
        browser.open(
                URI.create("http://127.0.0.1:%d%s".formatted(server.address().getPort(), path)));
    }

    @Test
    void itShowsWhatHappensWhileItIsOpen() throws InterruptedException {
        open("/");
        int before = stage.sockets();
        stage.connect();
        stage.pass(1);

        await(
                "document.querySelector('#counters dd').textContent === '%s'"
                        .formatted(Quantity.count(before + 3)));

        await("document.getElementById('connection').textContent === 'Updated every second.'");
    }

    @Test
    void updatesCanBePaused() throws InterruptedException {
        open("/");
        browser.evaluate("document.getElementById('pause').click()");

        assertThat(texts("[document.getElementById('connection').textContent]"))
                .containsExactly("Updates are paused.");
        assertThat(texts("[document.getElementById('pause').textContent]"))
                .containsExactly("Go on with updates");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/maps/servers"})
    void whatAScreenReaderNeedsIsThere(String path) throws InterruptedException {
        open(path);

        assertThat(texts("[document.documentElement.lang]")).containsExactly("en");
        assertThat(texts("[...document.querySelectorAll('h1')].map(h => h.textContent)"))
                .hasSize(1);
        assertThat(outer("table", "!e.caption || !e.caption.textContent.trim()")).isEmpty();
        assertThat(outer("th", "!e.scope")).isEmpty();
        assertThat(outer("svg", "!e.querySelector('title') || e.getAttribute('role') !== 'img'"))
                .isEmpty();
        assertThat(outer("img", "!e.alt")).isEmpty();
        assertThat(outer("a, button", "!e.textContent.trim()")).isEmpty();
        assertThat(
                        outer(
                                "[aria-labelledby]",
                                "e.getAttribute('aria-labelledby').split(' ').some(id =>"
                                        + " !document.getElementById(id))"))
                .isEmpty();
        assertThat(outer("a[href^=\"#\"]", "!document.querySelector(e.hash)")).isEmpty();
        assertThat(texts("[...document.querySelectorAll('main, header, nav')].map(e => e.tagName)"))
                .contains("MAIN", "HEADER", "NAV");
    }

    /** The elements of a kind for which something is so. */
    private static List<String> outer(String kind, String condition) throws InterruptedException {
        return texts(
                "[...document.querySelectorAll('%s')].filter(e => %s).map(e => e.outerHTML)"
                        .formatted(kind, condition));
    }

    @Test
    void theSkipLinkIsSeenOnceItHasTheFocus() throws InterruptedException {
        open("/");
        var left = "document.querySelector('.skip').getBoundingClientRect().left";
        assertThat(browser.evaluate(left).getAsDouble()).isNegative();
        browser.evaluate("document.querySelector('.skip').focus()");
        assertThat(browser.evaluate(left).getAsDouble()).isNotNegative();
    }

    @Test
    void nothingComesFromElsewhere() throws InterruptedException {
        open("/");
        assertThat(texts("performance.getEntriesByType('resource').map(e => e.name)"))
                .isNotEmpty()
                .allSatisfy(
                        name ->
                                assertThat(name)
                                        .startsWith(
                                                "http://127.0.0.1:%d/"
                                                        .formatted(server.address().getPort())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/maps/servers"})
    void atTwiceTheSizeThePageIsNotWiderThanTheWindow(String path) throws InterruptedException {
        browser.zoom(WIDTH, 2);
        try {
            open(path);
            assertThat(browser.evaluate("document.documentElement.scrollWidth").getAsInt())
                    .isLessThanOrEqualTo(WIDTH / 2);
        } finally {
            browser.zoom(WIDTH, 1);
        }
    }

    /** For people: they lie in dashboard/target/screenshots. */
    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void itFollowsTheSchemeThatSomebodyPrefers(String scheme) throws Exception {
        browser.prefer(scheme);
        open("/");
        browser.picture(TARGET.resolve("screenshots/page-%s.png".formatted(scheme)), WIDTH, 2400);

        var ground = "getComputedStyle(document.body).backgroundColor";
        assertThat(browser.evaluate(ground).getAsString())
                .isEqualTo(scheme.equals("dark") ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)");
    }
}
