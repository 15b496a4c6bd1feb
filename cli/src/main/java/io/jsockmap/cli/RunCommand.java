package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.dashboard.Dashboard;
import io.jsockmap.dashboard.collect.Collector;
import io.jsockmap.dashboard.collect.Subject;
import io.jsockmap.dashboard.jfr.FlightRecorder;
import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.proxy.Proxy;
import io.jsockmap.proxy.ProxyListener;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code jsockmap run}: a proxy whose bytes an object's programs judge. */
@Command(
        name = "run",
        description = "Runs an object's programs on the connections of a TCP proxy.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  An echo: each socket is redirected to itself, under its cookie.",
            "    jsockmap run examples/echo/echo.bpf.o --listen 127.0.0.1:7000 \\",
            "        --insert 'sockets[cookie]=client'",
            "  A splice: each of a pair lies under the other's cookie.",
            "    jsockmap run examples/splice/splice.bpf.o --listen 127.0.0.1:7000 \\",
            "        --to 127.0.0.1:8080 \\",
            "        --insert 'peers[client.cookie]=upstream' \\",
            "        --insert 'peers[upstream.cookie]=client'",
            "  Two slots of a SOCKMAP for each connection: 'sock_map[slot*2]=client'.",
            "  An object with a sockops program inserts its sockets itself.",
            "  To watch it in a browser add --http 9090, and open http://127.0.0.1:9090/",
            "",
            "While it runs, Enter prints the account of all sockets; Ctrl-C prints it and ends."
        })
final class RunCommand implements Callable<Integer> {
    /** As many connections that are over are printed at the end. */
    private static final int KEPT = 100;

    @Spec private CommandSpec spec;
    @Mixin private ObjectOptions objectOptions;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "where to accept connections")
    private InetSocketAddress listen;

    @Option(
            names = "--to",
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "the upstream of each connection; several make upstream, upstream2 ...")
    private List<InetSocketAddress> upstreams = List.of();

    @Option(
            names = "--delivery",
            paramLabel = "HOW",
            description = {
                "how much of a message programs see at once:",
                "whole (the default), kernel (as Linux has it),",
                "hostile (as little as is legal, byte by byte)"
            })
    private Delivery delivery = Delivery.WHOLE;

    @Option(
            names = "--when-full",
            paramLabel = "MAP=POLICY",
            converter = WhenFull.Converter.class,
            description = {
                "what becomes of bytes that a map redirects to",
                "a full socket: block (the default), queue:BYTES, drop"
            })
    private List<WhenFull> whenFull = List.of();

    @Mixin private EngineOption engineOption;

    @Option(
            names = "--busy-poll",
            paramLabel = "MICROS",
            description = {
                "how long to look for more to do before a thread",
                "sleeps, if that pays (the default is 50); 0: never"
            })
    private int busyPoll = (int) TimeUnit.NANOSECONDS.toMicros(Proxy.BUSY_POLL.toNanos());

    @Option(names = "--trace", description = "print every verdict, with the C line that decided")
    private boolean trace;

    @Option(
            names = "--account-every",
            paramLabel = "SECONDS",
            description = "print the account of all sockets now and then")
    private int accountEvery;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            converter = HttpAddress.class,
            description = {
                "serve a live page and metrics there; a port",
                "alone is one of 127.0.0.1"
            })
    private Optional<InetSocketAddress> http = Optional.empty();

    private final Queue<ConnectionReport> over = new ArrayDeque<>();
    private long socketsOver;
    private long unbalancedOver;
    private long droppedOver;

    private PrintWriter out;
    private SockmapObject object;
    private Proxy proxy;

    /** These two are there with {@code --http} only. */
    private Collector collector;

    private Dashboard dashboard;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check(accountEvery >= 0, "--account-every takes seconds, 0 for never");
        check(busyPoll >= 0, "--busy-poll takes microseconds, 0 for never");
        out = spec.commandLine().getOut();
        var settings =
                SockmapEngine.Settings.DEFAULT
                        .with(engineOption.machine())
                        .with(
                                Environment.system()
                                        .tracingTo(line -> out.println("printk: " + line)))
                        .with(delivery)
                        .with(listener());
        try (var engine = SockmapEngine.user(settings)) {
            object = objectOptions.load(engine);
            whenFull.forEach(policy -> policy.apply(object));
            proxy =
                    Proxy.start(
                            engine,
                            listen,
                            upstreams,
                            objectOptions.insertions(object),
                            new Connections(),
                            Duration.of(busyPoll, ChronoUnit.MICROS));
            greet();
            show(engine);
            serve();
        }
        return 0;
    }

    /** Counting costs something, so it is done only for a page that may be looked at. */
    private SockListener listener() {
        var recorder = new FlightRecorder(new Watcher());
        if (http.isEmpty()) return recorder;
        collector = new Collector(recorder, Clock.systemUTC(), System::nanoTime);
        return collector;
    }

    private void show(SockmapEngine engine) throws IOException {
        if (http.isEmpty()) return;
        try {
            dashboard = Dashboard.start(http.get(), collector, new Running(engine));
        } catch (IOException e) {
            proxy.close();
            throw e;
        }
        var address = dashboard.address();
        say("showing it at http://%s/", Addresses.print(address));
        if (!address.getAddress().isLoopbackAddress()) {
            say("warning: whoever reaches that port sees what flows: there is no password");
        }
    }

    /** What the page shows. */
    private final class Running implements Subject {
        private final SockmapEngine engine;

        Running(SockmapEngine engine) {
            this.engine = engine;
        }

        @Override
        public SockmapObject object() {
            return object;
        }

        @Override
        public List<ConnectionReport> connections() {
            return proxy.connections();
        }

        @Override
        public int sockets() {
            return engine.sockets().size();
        }

        @Override
        public String listening() {
            return RunCommand.this.listening();
        }
    }

    private void check(boolean holds, String message) {
        if (!holds) throw new ParameterException(spec.commandLine(), message);
    }

    private void greet() {
        object.skipped()
                .forEach((name, why) -> out.printf("program %s not loaded: %s%n", name, why));
        object.spec().notes().forEach(out::println);
        new Report(out).maps(object.socketMaps());
        out.println(listening());
        out.flush();
    }

    private String listening() {
        return "listening on %s%s, by %s"
                .formatted(
                        Addresses.print(proxy.address()),
                        upstreams.isEmpty()
                                ? ""
                                : upstreams.stream()
                                        .map(Addresses::print)
                                        .collect(Collectors.joining(" and ", ", to ", "")),
                        proxy.transport());
    }

    private void serve() throws InterruptedException {
        var stop = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var hook =
                new Thread(
                        () -> {
                            stop.countDown();
                            awaitQuietly(ended);
                        });
        Runtime.getRuntime().addShutdownHook(hook);
        Thread.ofPlatform().daemon().name("keyboard").start(this::printOnEnter);
        if (accountEvery > 0) {
            Thread.ofPlatform().daemon().name("account").start(this::printNowAndThen);
        }
        try {
            stop.await();
            if (dashboard != null) dashboard.close();
            proxy.close();
            print();
        } finally {
            // Whatever went wrong, the end of the process waits for nothing more.
            ended.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void printOnEnter() {
        try {
            for (int key = System.in.read(); key >= 0; key = System.in.read()) {
                if (key == '\n') print();
            }
        } catch (IOException _) {
            // No keyboard, so nobody presses Enter.
        }
    }

    private void printNowAndThen() {
        try {
            while (true) {
                Thread.sleep(Duration.ofSeconds(accountEvery));
                print();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void print() {
        var report = new Report(out);
        var now = proxy.connections();
        report.connections("open:", now);
        report.connections("over (the last %d at the most):".formatted(KEPT), List.copyOf(over));
        report.maps(object.socketMaps());
        long sockets = now.stream().mapToLong(c -> c.accounts().size()).sum();
        long unbalanced = now.stream().mapToLong(c -> Report.unbalanced(c.accounts())).sum();
        long dropped = now.stream().mapToLong(c -> Report.dropped(c.accounts())).sum();
        report.balance(socketsOver + sockets, unbalancedOver + unbalanced, droppedOver + dropped);
        out.flush();
    }

    private final class Connections implements ProxyListener {
        @Override
        public void ended(ConnectionReport report) {
            synchronized (RunCommand.this) {
                socketsOver += report.accounts().size();
                unbalancedOver += Report.unbalanced(report.accounts());
                droppedOver += Report.dropped(report.accounts());
                over.add(report);
                if (over.size() > KEPT) over.remove();
            }
            if (!report.problem().isEmpty()) {
                say("connection %d: %s", report.slot(), report.problem());
            }
        }
    }

    private final class Watcher implements SockListener {
        @Override
        public void judged(Judgement judgement) {
            if (trace) say("%s", Verdicts.describe(judgement));
        }

        @Override
        public void faulted(Sock socket, ProgramFault fault) {
            say("socket %s: %s", socket, fault.getMessage());
        }

        @Override
        public void refused(Sock socket, BpfException refusal) {
            say("not inserted: %s", refusal.getMessage());
        }

        @Override
        public void lost(Sock socket, long bytes, String reason) {
            say("socket %s: %d bytes lost: %s", socket, bytes, reason);
        }
    }

    private void say(String format, Object... values) {
        out.printf(format + "%n", values);
        out.flush();
    }
}
