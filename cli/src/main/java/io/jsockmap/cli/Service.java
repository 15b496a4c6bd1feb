package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.proxy.Proxy;
import io.jsockmap.proxy.ProxyListener;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A proxy that serves until the process is told to end, and accounts for its bytes. */
final class Service {
    private final PrintWriter out;
    private final ProxyOptions options;
    private final List<Companion> companions;
    private final Accounts accounts = new Accounts();

    private UserObject object;
    private Proxy proxy;

    /**
     * @param out where it says what happens
     * @param companions go along, in this order
     */
    Service(PrintWriter out, ProxyOptions options, List<? extends Companion> companions) {
        this.out = out;
        this.options = options;
        this.companions = List.copyOf(companions);
    }

    /**
     * Serves.
     *
     * @param loaded is told of the object before the first connection
     * @param accountEvery prints the account every so many seconds; 0 for never
     */
    void run(UserEngine.Settings settings, Consumer<UserObject> loaded, int accountEvery)
            throws IOException, InterruptedException {
        try (var end = new UntilEnded(this::stopEarly)) {
            try {
                for (var companion : companions) companion.prepare();
                var listener = settings.listener();
                for (var companion : companions) listener = companion.hearing(listener);
                var all = settings.with(options.delivery()).with(listener);
                serve(all, loaded, accountEvery, end);
            } finally {
                stopCompanions();
            }
        }
    }

    /** The process ends: what companions have made is taken away, however far it had come. */
    private void stopEarly() {
        try {
            stopCompanions();
        } catch (IOException e) {
            say("%s", e.getMessage());
        }
    }

    private void serve(
            UserEngine.Settings settings,
            Consumer<UserObject> loaded,
            int accountEvery,
            UntilEnded end)
            throws IOException, InterruptedException {
        try (var engine = UserEngine.open(settings)) {
            object = options.load(engine);
            loaded.accept(object);
            proxy = options.start(engine, object, new Connections());
            try {
                greet();
                var running = new Companion.Running(engine, object, proxy, listening(), this::say);
                for (var companion : companions) companion.started(running);
                serve(accountEvery, end);
            } finally {
                proxy.close();
            }
        }
    }

    private void stopCompanions() throws IOException {
        IOException failure = null;
        for (var companion : companions) {
            try {
                companion.stop();
            } catch (IOException e) {
                if (failure == null) failure = e;
                else failure.addSuppressed(e);
            }
        }
        if (failure != null) throw failure;
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
                .formatted(Addresses.print(proxy.address()), options.target(), proxy.transport());
    }

    private void serve(int accountEvery, UntilEnded end) throws IOException, InterruptedException {
        Thread.ofPlatform().daemon().name("keyboard").start(this::printOnEnter);
        if (accountEvery > 0) {
            Thread.ofPlatform()
                    .daemon()
                    .name("account")
                    .start(() -> printNowAndThen(Duration.ofSeconds(accountEvery)));
        }
        end.await();
        drain();
        proxy.close();
        print();
        stopCompanions();
    }

    private void drain() throws InterruptedException {
        int open = proxy.drain(Duration.ZERO);
        var time = options.drain();
        if (open == 0 || time.isZero()) return;
        say("%s open, for %d seconds at the most", connections(open), time.toSeconds());
        int left = proxy.drain(time);
        if (left > 0) say("%s still open: reset", connections(left));
    }

    private static String connections(int count) {
        return count == 1 ? "1 connection is" : "%d connections are".formatted(count);
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

    private void printNowAndThen(Duration pause) {
        try {
            while (true) {
                Thread.sleep(pause);
                print();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void print() {
        accounts.print(out, proxy, object.socketMaps());
    }

    private final class Connections implements ProxyListener {
        @Override
        public void ended(ConnectionReport report) {
            accounts.add(report);
            if (!report.problem().isEmpty()) {
                say("connection %d: %s", report.slot(), report.problem());
            }
        }
    }

    /** Says what goes wrong with sockets, and hands verdicts on. */
    SockListener listener(Consumer<Judgement> verdicts) {
        return new Watcher(verdicts);
    }

    private final class Watcher implements SockListener {
        private final Consumer<Judgement> verdicts;

        Watcher(Consumer<Judgement> verdicts) {
            this.verdicts = verdicts;
        }

        @Override
        public void judged(Judgement judgement) {
            verdicts.accept(judgement);
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

    void say(String format, Object... values) {
        out.printf(format + "%n", values);
        out.flush();
    }
}
