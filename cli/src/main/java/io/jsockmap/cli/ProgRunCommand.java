package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.testkit.run.Input;
import io.jsockmap.testkit.run.OpName;
import io.jsockmap.testkit.run.Outcome;
import io.jsockmap.testkit.run.OutcomeJson;
import io.jsockmap.testkit.run.OutcomeText;
import io.jsockmap.testkit.run.TestRun;
import io.jsockmap.testkit.stage.SocketChoice;
import io.jsockmap.testkit.stage.Stage;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code jsockmap prog run}: one program on one message or event. */
@Command(
        name = "run",
        description = {
            "Runs one program on a message or event that is made up, and shows what came of it.",
            "Nothing is sent."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap prog run examples/http-policy/http-policy.bpf.o judge \\",
            "      --data 'DELETE / HTTP/1.1\\r\\n\\r\\n'",
            "  jsockmap prog run examples/port-policy/port-policy.bpf.o port_policy --data hello"
                    + " \\",
            "      --remote 10.0.0.2:443 --set 'allowed_ports[443]=1'",
            "  jsockmap prog run policy.bpf.o established --op passive-established",
            "",
            "The socket is called client. Received TCP bytes are not linear unless --linear says"
                    + " so."
        })
final class ProgRunCommand implements Callable<Integer> {
    private static final String SOCKET = "client";

    private static final InetSocketAddress LOCAL = new InetSocketAddress("10.0.0.1", 80);
    private static final InetSocketAddress REMOTE = new InetSocketAddress("10.0.0.2", 40000);

    /** Options that are not for programs of each type. */
    private static final Map<String, List<ProgramType>> TYPES =
            Map.of(
                    "--data", List.of(SocketPrograms.SK_SKB, SocketPrograms.SK_MSG),
                    "--hex", List.of(SocketPrograms.SK_SKB, SocketPrograms.SK_MSG),
                    "--file", List.of(SocketPrograms.SK_SKB, SocketPrograms.SK_MSG),
                    "--linear", List.of(SocketPrograms.SK_SKB),
                    "--split", List.of(SocketPrograms.SK_MSG),
                    "--op", List.of(SocketPrograms.SOCK_OPS),
                    "--state", List.of(SocketPrograms.SOCK_OPS));

    @Spec private CommandSpec spec;
    @Mixin private LoadingOptions.Only loading;

    @Parameters(index = "1", paramLabel = "PROGRAM", description = "the program's name in C")
    private String program;

    @ArgGroup private Payload payload = new Payload();

    /** One of these ways to say which bytes. */
    private static final class Payload {
        @Option(
                names = "--data",
                paramLabel = "TEXT",
                converter = MessageText.class,
                description = "the message; \\r \\n \\t \\0 \\xHH \\\\ are one byte each")
        private Optional<byte[]> text = Optional.empty();

        @Option(
                names = "--hex",
                paramLabel = "BYTES",
                converter = HexBytes.class,
                description = "the message in hex")
        private Optional<byte[]> hex = Optional.empty();

        @Option(names = "--file", paramLabel = "FILE", description = "the message: what a file has")
        private Optional<Path> file = Optional.empty();
    }

    @Option(
            names = "--linear",
            paramLabel = "N",
            description = "how many received bytes can be read directly (0)")
    private int linear;

    @Option(
            names = "--split",
            paramLabel = "N",
            split = ",",
            description = "lengths of a sent message's elements; the rest is the last")
    private List<Integer> lengths = List.of();

    @Option(
            names = "--op",
            paramLabel = "NAME",
            description = "the event, for sock_ops: active-established, state, 4 ...")
    private Optional<String> op = Optional.empty();

    @Option(
            names = "--state",
            paramLabel = "FROM:TO",
            description = "which states --op state is about: established:close-wait")
    private String states = "established:close-wait";

    @Option(names = "--kind", paramLabel = "KIND", description = "the socket: tcp (the default)")
    private SocketKind kind = SocketKind.TCP;

    @Option(
            names = "--local",
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "the socket's own address (10.0.0.1:80)")
    private InetSocketAddress local = LOCAL;

    @Option(
            names = "--remote",
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "its peer's address (10.0.0.2:40000)")
    private InetSocketAddress remote = REMOTE;

    @Option(
            names = "--socket",
            paramLabel = "NAME=ROLE",
            description = "one more socket, accepted or connected, for --insert")
    private Map<String, String> sockets = Map.of();

    @Option(
            names = "--insert",
            paramLabel = "MAP[KEY]=SOCKET",
            description = "a socket that is in a map")
    private List<String> insertions = List.of();

    @Option(names = "--lines", description = "print the C lines that were executed")
    private boolean lines;

    @Option(
            names = {"-j", "--json"},
            description = "print JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var object = loading.spec();
        var setup = loading.setup(List.of());
        try (var stage = Stage.loadOnly(object, setup.loadOptions(object), Stage.Setting.HOSTILE)) {
            open(stage);
            for (var setting : loading.settings()) {
                Element.parse(setting).ifPresent(stage::set);
            }
            for (var text : insertions) stage.insert(element(text));
            print(new TestRun(stage).run(program, SOCKET, input(stage)));
        }
        return ExitCode.OK;
    }

    private void open(Stage stage) {
        boolean hasAddresses = kind == SocketKind.TCP || kind == SocketKind.UDP;
        var choice = new SocketChoice(kind, true, true, Optional.empty(), Optional.empty());
        stage.open(SOCKET, hasAddresses ? choice.at(local, remote) : choice);
        sockets.forEach((name, role) -> stage.open(name, choice(name, role)));
    }

    private SocketChoice choice(String name, String role) {
        return switch (role) {
            case "accepted" -> SocketChoice.ACCEPTED;
            case "connected" -> SocketChoice.CONNECTED;
            default ->
                    throw Mistake.of(
                            spec, "--socket %s=%s: a socket is accepted or connected", name, role);
        };
    }

    private static Element element(String text) {
        return Element.parse(text)
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.EINVAL,
                                        "--insert %s: expected MAP[KEY]=SOCKET".formatted(text)));
    }

    private Input input(Stage stage) throws IOException {
        var type = stage.object().program(program).type();
        checkOptions(type);
        try {
            if (type.equals(SocketPrograms.SOCK_OPS)) return event();
            return type.equals(SocketPrograms.SK_MSG)
                    ? Input.Sent.cut(bytes(), lengths)
                    : new Input.Received(bytes(), linear);
        } catch (IllegalArgumentException e) {
            throw Mistake.of(spec, "%s", e.getMessage());
        }
    }

    /** What would be of no effect is a mistake. */
    private void checkOptions(ProgramType type) {
        var given = spec.commandLine().getParseResult();
        TYPES.forEach(
                (option, types) -> {
                    if (types.contains(type) || !given.hasMatchedOption(option)) return;
                    throw Mistake.of(
                            spec,
                            "%s is for %s programs, and %s is one of %s",
                            option,
                            types.stream()
                                    .map(ProgramType::name)
                                    .collect(Collectors.joining(" and ")),
                            program,
                            type.name());
                });
    }

    private Input event() {
        var name =
                op.orElseThrow(
                        () ->
                                Mistake.of(
                                        spec,
                                        "a sock_ops program hears of an event: say --op NAME (%s)",
                                        OpName.all()));
        return OpName.parse(name, states);
    }

    private byte[] bytes() throws IOException {
        if (payload.file.isPresent()) return Files.readAllBytes(payload.file.get());
        return payload.text
                .or(() -> payload.hex)
                .filter(bytes -> bytes.length > 0)
                .orElseThrow(
                        () ->
                                Mistake.of(
                                        spec,
                                        "say which message: --data TEXT, --hex BYTES or --file"
                                                + " FILE"));
    }

    private void print(Outcome outcome) {
        var out = spec.commandLine().getOut();
        out.print(json ? OutcomeJson.of(outcome) + "\n" : OutcomeText.of(outcome, lines));
    }
}
