package io.jsockmap.cli;

import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.testkit.dap.DapServer;
import io.jsockmap.testkit.dap.Launching;
import io.jsockmap.testkit.debug.DebugTerminal;
import io.jsockmap.testkit.debug.Debugger;
import io.jsockmap.testkit.debug.OneMessage;
import io.jsockmap.testkit.debug.OneScenario;
import io.jsockmap.testkit.debug.Session;
import io.jsockmap.testkit.scenario.Way;
import io.jsockmap.testkit.source.SourceFiles;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code jsockmap debug}: walks through what a program did with a message, forward and back. */
@Command(
        name = "debug",
        description = "Walks through what a program does with a message, forward and back.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap debug examples/echo/echo.bpf.o echo --message hello",
            "  jsockmap debug examples/http-policy/http-policy.bpf.o judge \\",
            "      --message 'DELETE /x HTTP/1.1\\r\\n\\r\\n'",
            "  jsockmap debug policy.bpf.o --scenario flushall.yaml --only FLUSHALL",
            "",
            "The message is received by a socket in memory, client, or sent by it, as the",
            "program asks, or a scenario says who does what; the runs are recorded, and then",
            "looked at: nothing is executed while one walks. docs/debugging.md explains it,",
            "also for editors (--dap)."
        })
final class DebugCommand implements Callable<Integer> {
    private static final List<String> OF_SCENARIOS = List.of("--only", "--play");

    private static final List<String> OF_MESSAGES =
            List.of(
                    "--message",
                    "--hex",
                    "--map",
                    "--insert",
                    "--delivery",
                    "--type",
                    "--skip",
                    "--max-entries",
                    "--set",
                    "--btf");

    @Spec private CommandSpec spec;
    @Mixin private LoadingOptions.Only objectOptions;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PROGRAM",
            description = "the program that is attached; none for a scenario")
    private Optional<String> program = Optional.empty();

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            converter = MessageText.class,
            description = "a message; \\r \\n \\t \\0 \\xHH \\\\ are one byte each")
    private List<byte[]> texts = List.of();

    @Option(
            names = "--hex",
            paramLabel = "BYTES",
            converter = HexBytes.class,
            description = "a message in hex; those of --message come before")
    private List<byte[]> hex = List.of();

    @Option(
            names = "--map",
            paramLabel = "MAP",
            description = "the map it goes to; by default its section's, or the first")
    private Optional<String> map = Optional.empty();

    @Option(
            names = "--insert",
            paramLabel = "MAP[KEY]=SOCKET",
            description = {
                "as for run; the sockets are client and upstream. By default",
                "client is in the program's map, under its cookie or 0"
            })
    private List<String> insertions = List.of();

    @Option(
            names = "--delivery",
            paramLabel = "HOW",
            description = "as for run: whole (the default), kernel, hostile")
    private Delivery delivery = Delivery.WHOLE;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "a scenario, of which all runs are looked at")
    private Optional<Path> scenario = Optional.empty();

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "the scenario whose name contains this text")
    private String only = "";

    @Option(
            names = "--play",
            paramLabel = "NAME",
            description = {
                "how its bytes come: whole, kernel, bytewise,",
                "pieces, hostile; by default the easiest way that",
                "fails, or as written if none does"
            })
    private Optional<Way> way = Optional.empty();

    @Option(
            names = "--source",
            paramLabel = "FOLDER",
            description = "where sources are, beside where the object is")
    private List<Path> sourcePath = List.of();

    @Option(
            names = "--dap",
            description = "speak the Debug Adapter Protocol on standard input and output")
    private boolean dap;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "speak it with who connects to this port of 127.0.0.1; 0 for any")
    private Optional<Integer> port = Optional.empty();

    @Override
    public Integer call() throws IOException {
        check();
        var files = SourceFiles.of(objectOptions.file(), sourcePath);
        if (port.isPresent()) listen(files, port.get());
        else if (dap) DapServer.serve(launching(), files, System.in, System.out);
        else {
            var in = new InputStreamReader(System.in, StandardCharsets.UTF_8);
            var out = spec.commandLine().getOut();
            var session =
                    session().orElseThrow(() -> Mistake.of(spec, "name a PROGRAM or a --scenario"));
            new DebugTerminal(new Debugger(session), files, in, out).run();
        }
        return ExitCode.OK;
    }

    /** What would be of no effect is a mistake. */
    private void check() {
        var given = spec.commandLine().getParseResult();
        var ofAnother = scenario.isPresent() ? OF_MESSAGES : OF_SCENARIOS;
        for (var option : ofAnother) {
            if (!given.hasMatchedOption(option)) continue;
            throw Mistake.of(
                    spec,
                    scenario.isPresent()
                            ? "%s is not for a scenario, which says that itself"
                            : "%s is for a scenario: name one by --scenario",
                    option);
        }
        if (scenario.isPresent() && program.isPresent()) {
            throw Mistake.of(
                    spec, "a scenario says itself which programs are attached: leave PROGRAM out");
        }
    }

    private Launching launching() {
        return new Launching(session(), Optional.of(objectOptions.file()));
    }

    /** Empty if an editor is to say what is debugged. */
    private Optional<Session> session() {
        if (scenario.isPresent()) {
            var object = Optional.of(objectOptions.file());
            return Optional.of(new OneScenario(object, scenario.get(), only, way));
        }
        return program.map(this::messages);
    }

    private Session messages(String judge) {
        List<byte[]> messages = new ArrayList<>(texts);
        messages.addAll(hex);
        return new OneMessage(
                objectOptions.file(),
                objectOptions.setup(List.of()),
                judge,
                map,
                insertions,
                delivery,
                messages);
    }

    private void listen(SourceFiles files, int number) throws IOException {
        if (number < 0 || number > HostPort.MAX_PORT)
            throw Mistake.of(spec, "--port is 0 to 65535");
        try (var server = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
            var out = spec.commandLine().getOut();
            out.printf("listening on %s%n", Addresses.print(server.getLocalSocketAddress()));
            out.flush();
            try (var client = server.accept()) {
                DapServer.serve(
                        launching(), files, client.getInputStream(), client.getOutputStream());
            }
        }
    }
}
