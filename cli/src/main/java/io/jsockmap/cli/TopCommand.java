package io.jsockmap.cli;

import io.jsockmap.dashboard.StateSource;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code jsockmap top}: what a running proxy does, in the terminal. */
@Command(
        name = "top",
        description = "Shows once a second what a running proxy does.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap run OBJECT --listen 127.0.0.1:7000 ... --http 9090",
            "  jsockmap top --http 9090          in another terminal",
            "  jsockmap top --http 9090 --once   once, as plain lines",
            "",
            "q or Ctrl-C ends it. Without a terminal it prints plain lines."
        })
final class TopCommand implements Callable<Integer> {
    private static final Duration EVERY = Duration.ofSeconds(1);

    @Spec private CommandSpec spec;

    @Option(
            names = "--http",
            required = true,
            paramLabel = "HOST:PORT",
            converter = HttpAddress.class,
            description = {
                "where the proxy was told to serve by run --http;",
                "a port alone is one of 127.0.0.1"
            })
    private InetSocketAddress http;

    @Option(names = "--once", description = "print the state once, and end")
    private boolean once;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var source = StateSource.http(http);
        boolean onTerminal = !once && Terminal.isThere();
        // Asked before the screen changes: whatever is wrong is said where it stays.
        var first = source.state();
        if (onTerminal) {
            watch(source);
        } else if (once) {
            // Rates are what changed between two looks.
            Thread.sleep(EVERY);
            out().print(TopScreen.plain(source.state()));
            out().flush();
        } else {
            out().print(TopScreen.plain(first));
            goOn(source);
        }
        return ExitCode.OK;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Plain lines, until it is ended or the proxy is. */
    private void goOn(StateSource source) throws IOException, InterruptedException {
        while (!out().checkError()) {
            Thread.sleep(EVERY);
            out().println();
            out().print(TopScreen.plain(source.state()));
        }
    }

    private void watch(StateSource source) throws IOException, InterruptedException {
        var quit = new CountDownLatch(1);
        boolean colors = spec.commandLine().getColorScheme().ansi().enabled();
        try (var terminal = Terminal.open(out())) {
            terminal.onQuit(quit::countDown);
            do {
                var size = terminal.size();
                terminal.draw(new TopScreen(size, colors).lines(source.state()));
            } while (!quit.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        }
    }
}
