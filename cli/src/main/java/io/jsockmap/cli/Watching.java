package io.jsockmap.cli;

import io.jsockmap.dashboard.Dashboard;
import io.jsockmap.dashboard.collect.Collector;
import io.jsockmap.dashboard.collect.Subject;
import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SockListener;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The option that shows a run as a live page. */
final class Watching implements Companion {
    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            converter = HttpAddress.class,
            description = {
                "serve a live page and metrics there; a port",
                "alone is one of 127.0.0.1"
            })
    private Optional<InetSocketAddress> http = Optional.empty();

    private Optional<Collector> collector = Optional.empty();
    private volatile Optional<Dashboard> dashboard = Optional.empty();

    /** Counting costs something, so it is done only for a page that may be looked at. */
    @Override
    public SockListener hearing(SockListener listener) {
        if (http.isEmpty()) return listener;
        var counting = new Collector(listener, Clock.systemUTC(), System::nanoTime);
        collector = Optional.of(counting);
        return counting;
    }

    @Override
    public void started(Running running) throws IOException {
        if (http.isEmpty()) return;
        var page = Dashboard.start(http.get(), collector.orElseThrow(), new Shown(running));
        dashboard = Optional.of(page);
        running.words().say("showing it at http://%s/", Addresses.print(page.address()));
        if (!page.address().getAddress().isLoopbackAddress()) {
            running.words()
                    .say(
                            "warning: whoever reaches that port sees what flows: there is no"
                                    + " password");
        }
    }

    @Override
    public void stop() {
        dashboard.ifPresent(Dashboard::close);
    }

    /** What the page shows. */
    private record Shown(Running running) implements Subject {
        @Override
        public UserObject object() {
            return running.object();
        }

        @Override
        public List<ConnectionReport> connections() {
            return running.proxy().connections();
        }

        @Override
        public int sockets() {
            return running.engine().sockets().size();
        }

        @Override
        public boolean isServing() {
            return running.proxy().isOpen();
        }

        @Override
        public String listening() {
            return running.listening();
        }
    }
}
