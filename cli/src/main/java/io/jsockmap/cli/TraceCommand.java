package io.jsockmap.cli;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.record.Recorder;
import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.trace.JsonTrace;
import io.jsockmap.testkit.trace.TextTrace;

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

/** {@code jsockmap trace}: what an object's programs do with each message, line by line. */
@Command(
        name = "trace",
        description = "As run, and prints what programs do with each message, line by line.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap trace examples/echo/echo.bpf.o --listen 127.0.0.1:7000 \\",
            "      --insert 'sockets[cookie]=client'",
            "  Only what is dropped of a port, for a program to read:",
            "    jsockmap trace ... --filter verdict=drop,port=8080 --json",
            "  A capture for Wireshark besides: --pcap-out traffic.pcapng",
            "",
            "Programs run on the interpreter, which is many times slower than run is.",
            "docs/tracing.md explains what is printed, and has the fields of --json."
        })
final class TraceCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ProxyOptions proxyOptions;
    @Mixin private TraceOutput output;
    @Mixin private Recording recording;

    @Option(
            names = "--json",
            description = {
                "an object of JSON in a line for each message;",
                "all else that is said goes to standard error"
            })
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        proxyOptions.check();
        var out = spec.commandLine().getOut();
        var said = json ? spec.commandLine().getErr() : out;
        var service = new Service(said, proxyOptions, List.of(recording));
        var recorder =
                new Recorder(
                        RunLimits.TRACE,
                        run -> {
                            if (output.filter().test(run)) print(run, out);
                        });
        var environment =
                // What programs print is printed with what they do.
                Environment.system().tracingTo(_ -> {});
        var settings =
                UserEngine.Settings.DEFAULT
                        .with(new Interpreter().watchedBy(recorder))
                        .with(recorder.hearing(environment))
                        .with(service.listener(_ -> {}));
        service.run(settings, recorder::loaded, 0);
        return ExitCode.OK;
    }

    private void print(RecordedRun run, PrintWriter out) {
        // As one text, since several threads print.
        out.print(
                json
                        ? JsonTrace.of(run, output.options()) + System.lineSeparator()
                        : TextTrace.of(run, output.options()) + System.lineSeparator());
        out.flush();
    }
}
