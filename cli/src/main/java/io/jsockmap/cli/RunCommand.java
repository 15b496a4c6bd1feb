package io.jsockmap.cli;

import io.jsockmap.bpf.program.Environment;
import io.jsockmap.dashboard.jfr.FlightRecorder;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Judgement;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

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
            "  A capture of all of it, for Wireshark: --record traffic.pcapng",
            "  To watch it in a browser add --http 9090, and open http://127.0.0.1:9090/",
            "",
            "While it runs, Enter prints the account of all sockets; Ctrl-C prints it and ends."
        })
final class RunCommand implements Callable<Integer> {
    /** Nobody tells what the kernel does with single bytes, and nobody changes it. */
    private static final List<String> OF_USER_ENGINE =
            List.of(
                    "--delivery",
                    "--when-full",
                    "--busy-poll",
                    "--trace",
                    "--account-every",
                    "--control",
                    "--no-control",
                    "--record",
                    "--record-limit",
                    "--http");

    @Spec private CommandSpec spec;
    @Mixin private ProxyOptions proxyOptions;
    @Mixin private EngineOption engineOption;

    @Option(names = "--trace", description = "print every verdict, with the C line that decided")
    private boolean trace;

    @Option(
            names = "--account-every",
            paramLabel = "SECONDS",
            description = "print the account of all sockets now and then")
    private int accountEvery;

    @Mixin private ControlSocket control;
    @Mixin private Recording recording;
    @Mixin private Watching watching;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (accountEvery < 0) {
            throw Mistake.of(spec, "--account-every takes seconds, 0 for never");
        }
        proxyOptions.check();
        var out = spec.commandLine().getOut();
        if (engineOption.mayBeKernel()) return inKernel(out);
        var service = new Service(out, proxyOptions, List.of(control, recording, watching));
        Consumer<Judgement> verdicts =
                judgement -> {
                    if (trace) service.say("%s", Verdicts.describe(judgement));
                };
        var environment = Environment.system().tracingTo(line -> out.println("printk: " + line));
        var settings =
                UserEngine.Settings.DEFAULT
                        .with(engineOption.machine())
                        .with(environment)
                        .with(new FlightRecorder(service.listener(verdicts)));
        service.run(settings, _ -> {}, accountEvery);
        return ExitCode.OK;
    }

    /** What would be of no effect is a mistake. */
    private int inKernel(PrintWriter out) throws IOException, InterruptedException {
        var given = spec.commandLine().getParseResult();
        for (var option : OF_USER_ENGINE) {
            if (!given.hasMatchedOption(option)) continue;
            throw Mistake.of(
                    spec, "%s is for the user engine: leave it out, or say --engine user", option);
        }
        new KernelService(out, proxyOptions).run(engineOption.open());
        return ExitCode.OK;
    }
}
