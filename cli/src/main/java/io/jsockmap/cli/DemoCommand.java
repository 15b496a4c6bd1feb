package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.proxy.Proxy;
import io.jsockmap.proxy.ProxyListener;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.setup.Insertion;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Verdict;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code jsockmap demo}: a policy object between a real client and a real server. */
@Command(
        name = "demo",
        description = "Shows a compiled policy judging real HTTP requests.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap demo",
            "  jsockmap demo --serve   and then: curl -i http://127.0.0.1:PORT/"
        })
final class DemoCommand implements Callable<Integer> {
    /** Seconds after which something must be wrong. */
    static final int PATIENCE = 10;

    private static final String OBJECT = "examples/http-policy/http-policy.bpf.o";

    /** What is asked, with what a reader should look for. */
    private static final List<String[]> REQUESTS =
            List.of(
                    new String[] {"GET", "/"},
                    new String[] {"POST", "/orders"},
                    new String[] {"GET", "/admin/users"},
                    new String[] {"DELETE", "/orders/7"},
                    new String[] {"TRACE", "/"});

    @Spec private CommandSpec spec;

    @Option(names = "--serve", description = "keep serving afterwards, for requests of your own")
    private boolean serve;

    private final BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    private volatile boolean demonstrating = true;
    private PrintWriter out;
    private Ansi ansi;

    /** What the policy decided, copied while it could be. */
    private record Decision(Verdict verdict, String target, SourceLine line, int bytes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        out = spec.commandLine().getOut();
        ansi = spec.commandLine().getColorScheme().ansi();
        var loopback = InetAddress.getLoopbackAddress();
        var settings = UserEngine.Settings.DEFAULT.with(new Watcher());
        try (var site = DemoServer.start("the site", 200);
                var guard = DemoServer.start("the guard", 403);
                var engine = UserEngine.open(settings)) {
            var object = load(engine);
            try (var proxy =
                    Proxy.start(
                            engine,
                            new InetSocketAddress(loopback, 0),
                            List.of(site.address(), guard.address()),
                            insertions(object),
                            ProxyListener.NONE)) {
                introduce(proxy, site, guard);
                for (var request : REQUESTS) show(proxy.address(), request[0], request[1]);
                demonstrating = false;
                suggest(proxy);
                if (serve) Thread.currentThread().join();
            }
        }
        return ExitCode.OK;
    }

    private static UserObject load(UserEngine engine) {
        var file = Path.of(System.getProperty("jsockmap.home", ".")).resolve(OBJECT);
        if (!Files.exists(file)) {
            throw new BpfException(
                    Errno.ENOENT,
                    "the demo needs %s: start it from the project's folder, or by ./jsockmap"
                            .formatted(OBJECT));
        }
        var object = engine.load(file);
        var clients = object.sockHash("clients");
        clients.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        clients.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        return object;
    }

    private static List<Insertion> insertions(UserObject object) {
        return List.of(
                insertion(object, "clients", "cookie", "client"),
                insertion(object, "servers", "{client=client.cookie, choice=0}", "upstream"),
                insertion(object, "servers", "{client=client.cookie, choice=1}", "upstream2"));
    }

    private static Insertion insertion(UserObject object, String map, String key, String socket) {
        return new Insertion(
                object.socketMap(map), object.spec().btf(), KeyNotation.parse(key), socket);
    }

    private void introduce(Proxy proxy, DemoServer site, DemoServer guard) {
        out.printf(
                ansi.string("@|bold %s|@ judges what clients send to %s (by %s):%n"),
                OBJECT,
                Addresses.print(proxy.address()),
                proxy.transport());
        out.printf("  PASS      on to the site at %s%n", Addresses.print(site.address()));
        out.printf("  REDIRECT  to the guard at %s instead%n", Addresses.print(guard.address()));
        out.printf("  DROP      nobody hears of it%n%n");
        out.flush();
    }

    private void show(InetSocketAddress proxy, String method, String path)
            throws IOException, InterruptedException {
        try (var client = DemoClient.connect(proxy)) {
            client.ask(method, path);
            // The verdict comes before any answer can: the request waits for it.
            var decision = decision();
            var answer = decision.verdict == Verdict.DROP ? next(client) : client.answer();
            out.printf(
                    "%-7s %-13s %s%-10s %4d bytes  %s%n",
                    method,
                    path,
                    colored(decision.verdict),
                    decision.target,
                    decision.bytes,
                    decision.line == null ? "" : decision.line);
            out.printf("        -> %s%n", answer);
            out.flush();
        }
    }

    /** What a dropped request gets is what the next one on the same connection gets. */
    private String next(DemoClient client) throws IOException, InterruptedException {
        client.ask("GET", "/next");
        decision();
        return "nothing; the connection lives on: " + client.answer();
    }

    private Decision decision() throws IOException, InterruptedException {
        var decision = decisions.poll(PATIENCE, TimeUnit.SECONDS);
        if (decision != null) return decision;
        throw new IOException("no verdict came in %d seconds".formatted(PATIENCE));
    }

    private String colored(Verdict verdict) {
        var color =
                switch (verdict) {
                    case PASS -> "green";
                    case DROP -> "red";
                    case REDIRECT -> "yellow";
                };
        return ansi.string("@|%s %-8s|@".formatted(color, verdict));
    }

    private void suggest(Proxy proxy) {
        out.println();
        if (serve) {
            out.printf("Still serving. Try, in another terminal:%n");
            out.printf("  curl -i http://%s/%n", Addresses.print(proxy.address()));
            out.printf("  curl -i http://%s/admin%n", Addresses.print(proxy.address()));
            out.printf("Ctrl-C ends it.%n");
        } else {
            out.printf("To ask it yourself:  ./jsockmap demo --serve   and then curl as it says%n");
            out.printf("Your own server:     ./jsockmap run --help%n");
        }
        out.flush();
    }

    private final class Watcher implements SockListener {
        @Override
        public void judged(Judgement judgement) {
            if (!demonstrating) return;
            decisions.add(
                    new Decision(
                            judgement.verdict(),
                            judgement.redirect().map(DemoCommand::name).orElse(""),
                            judgement.line().orElse(null),
                            judgement.message().length()));
        }
    }

    private static String name(Redirect redirect) {
        return redirect.ingress() ? " ingress" : " egress";
    }
}
