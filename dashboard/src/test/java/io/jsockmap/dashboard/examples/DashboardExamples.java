package io.jsockmap.dashboard.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.dashboard.Dashboard;
import io.jsockmap.dashboard.Stage;
import io.jsockmap.dashboard.collect.Collector;
import io.jsockmap.dashboard.collect.Edge;
import io.jsockmap.dashboard.collect.JudgedMessage;
import io.jsockmap.dashboard.collect.Subject;
import io.jsockmap.dashboard.jfr.FlightRecorder;
import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.socket.SockListener;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** How one looks at sockets while they carry traffic. */
class DashboardExamples {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("jsockmap.root", "..")).resolve("examples");

    // @start region="subject"
    /** The sockets that an application puts into maps itself, without a proxy. */
    private record OwnSockets(UserEngine engine, UserObject object) implements Subject {
        @Override
        public List<ConnectionReport> connections() {
            return List.of();
        }

        @Override
        public int sockets() {
            return engine.sockets().size();
        }

        @Override
        public boolean isServing() {
            return true;
        }

        @Override
        public String listening() {
            return "sockets of the gateway";
        }
    }

    // @end

    @Test
    void metricsOfAnEngineForPrometheus() throws IOException {
        var policy = EXAMPLES.resolve("http-policy/http-policy.bpf.o");
        // @start region="serve"
        Collector collector = new Collector(SockListener.NONE, Clock.systemUTC(), System::nanoTime);
        try (UserEngine engine = UserEngine.open(UserEngine.Settings.DEFAULT.with(collector))) {
            Subject subject = new OwnSockets(engine, engine.load(policy));
            var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

            try (Dashboard dashboard = Dashboard.start(anyPort, collector, subject)) {
                int port = dashboard.address().getPort();
                assertThat(get("http://127.0.0.1:%d/metrics".formatted(port)))
                        .contains("jsockmap_sockets 0");
            }
        }
        // @end
    }

    private static String get(String address) throws IOException {
        try (var in = URI.create(address).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whoRedirectsToWhom() {
        try (var stage = new Stage()) {
            var collector = stage.collector();
            var client = stage.connect();
            var guard = stage.socket("upstream2");
            // @start region="collect"
            collector.lookedAt(); // for the next seconds
            stage.ask(client, "GET", "/admin");
            stage.ask(client, "DELETE", "/");

            JudgedMessage last = collector.messages().getFirst();
            assertThat(last.program()).isEqualTo("judge");
            assertThat(last.verdict()).isEqualTo("drop");

            Edge busiest = collector.edges().getFirst();
            assertThat(busiest.source()).isEqualTo(client.cookie());
            assertThat(busiest.target()).isEqualTo(guard.cookie());
            assertThat(busiest.messages()).isEqualTo(1);
            // @end
        }
    }

    @Test
    void redirectsInARecordingOfTheJdk(@TempDir Path folder) throws IOException {
        var file = folder.resolve("gateway.jfr");
        // @start region="record"
        var settings = UserEngine.Settings.DEFAULT.with(new FlightRecorder(SockListener.NONE));
        try (var network = new InMemoryNetwork(settings);
                Recording recording = new Recording()) {
            recording.start();
            echoed(network).peer().sends("hello");
            recording.stop();
            recording.dump(file);
        }

        // jfr print --events jsockmap.Redirect gateway.jfr
        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().equals("jsockmap.Redirect"))
                .singleElement()
                .satisfies(redirect -> assertThat(redirect.getInt("bytes")).isEqualTo(5));
        // @end
    }

    /** A connection whose peer gets back what it sends. */
    private static Connection echoed(InMemoryNetwork network) {
        var object = network.engine().load(EXAMPLES.resolve("echo/echo.bpf.o"));
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        var connection = network.accepted();
        var key = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        key.putLong(connection.cookie());
        sockets.update(key.array(), connection.socket(), UpdateFlag.ANY);
        return connection;
    }
}
