package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.socket.Addresses;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the command line says to what one types. */
class CommandLineTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
                                                           | Missing required subcommand
                    frobnicate                             | Unmatched argument at index 0: 'frobnicate'
                    run                                    | Missing required options and parameters: '--listen=HOST:PORT', 'OBJECT'
                    run x.o --listen 127.0.0.1             | Invalid value for option '--listen': '127.0.0.1' is not HOST:PORT
                    run x.o --listen 127.0.0.1:http        | Invalid value for option '--listen': '127.0.0.1:http' does not end in a port, 0 to 65535
                    run x.o --listen 127.0.0.1:65536       | Invalid value for option '--listen': '127.0.0.1:65536' does not end in a port, 0 to 65535
                    run x.o --listen 127.0.0.1:0 --to :80  | Invalid value for option '--to' (HOST:PORT): ':80' is not HOST:PORT
                    run x.o --listen 127.0.0.1:0 --delivery all | Invalid value for option '--delivery': expected one of [WHOLE, KERNEL, HOSTILE] (case-insensitive) but was 'all'
                    run x.o --listen 127.0.0.1:0 --engine jit | Invalid value for option '--engine': expected one of [AUTO, USER, KERNEL, COMPILED, INTERPRETER] (case-insensitive) but was 'jit'
                    exec --engine jit                      | Invalid value for option '--engine': expected one of [AUTO, USER, KERNEL, COMPILED, INTERPRETER] (case-insensitive) but was 'jit'
                    run x.o --listen 127.0.0.1:0 --when-full m | Invalid value for option '--when-full' (MAP=POLICY): 'm' is not MAP=block, MAP=drop or MAP=queue:BYTES
                    run x.o --listen 127.0.0.1:0 --when-full m=queue:0 | Invalid value for option '--when-full' (MAP=POLICY): 'm=queue:0' is not MAP=block, MAP=drop or MAP=queue:BYTES
                    run x.o --listen 127.0.0.1:0 --http x  | Invalid value for option '--http': 'x' is not HOST:PORT
                    run x.o --listen 127.0.0.1:0 --http :x | Invalid value for option '--http': '127.0.0.1:x' does not end in a port, 0 to 65535
                    run x.o --listen 127.0.0.1:0 --http 65536 | Invalid value for option '--http': '127.0.0.1:65536' does not end in a port, 0 to 65535
                    trace x.o --listen 127.0.0.1:0 --filter drop | Invalid value for option '--filter': EINVAL: filter 'drop': expected NAME=VALUE
                    trace x.o --listen 127.0.0.1:0 --max-bytes -1 | Invalid value for option '--max-bytes': '-1' is not a number from 0 on
                    debug x.o p --hex 0                    | Invalid value for option '--hex' (BYTES): '0' is not bytes in hex
                    debug x.o                              | name a PROGRAM or a --scenario
                    top                                    | Missing required option: '--http=HOST:PORT'
                    run x.o --listen 127.0.0.1:0 --frob    | Unknown option: '--frob'
                    run x.o --listen 127.0.0.1:0 --record-limit 0 | --record-limit takes bytes, 1 or more
                    run x.o --listen 127.0.0.1:0 --record-limit 1G | Invalid value for option '--record-limit': '1G' is not a long
                    run x.o --listen 127.0.0.1:0 --max-entries peers=x | Invalid value for option '--max-entries' (MAP=N): 'x' is not a long
                    disasm                                 | Missing required parameter: 'OBJECT'
                    disasm --style gnu x.o                 | Invalid value for option '--style': expected one of [KERNEL, LLVM] (case-insensitive) but was 'gnu'
                    exec 00 01                             | Unmatched argument at index 2: '01'
                    run x.o --listen 127.0.0.1:0 --no-control --control x | --control and --no-control exclude each other
                    help frobnicate                        | Unknown subcommand 'frobnicate'.
                    --json lint x.o                        | jsockmap lint does not read --json and --pretty in front of a command: prog, map, link and btf do
                    -j prog run x.o p                      | jsockmap prog run does not read --json and --pretty in front of a command: prog, map, link and btf do
                    -p trace x.o --listen 127.0.0.1:0      | jsockmap trace does not read --json and --pretty in front of a command: prog, map, link and btf do
                    """)
    void whatIsNotUnderstoodGetsALineAndAHint(String typed, String complaint) {
        var outcome = Outcome.of(words(typed));
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines().toList())
                .hasSize(2)
                .satisfies(
                        lines -> {
                            assertThat(lines.getFirst()).isEqualTo("jsockmap: " + complaint);
                            assertThat(lines.getLast())
                                    .startsWith("Try: jsockmap ")
                                    .endsWith("--help");
                        });
    }

    private static String[] words(String typed) {
        return typed == null ? new String[0] : typed.split(" ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--delivery hostile",
                "--when-full peers=drop",
                "--busy-poll 1",
                "--trace",
                "--account-every 1",
                "--control run.sock",
                "--no-control",
                "--record run.pcapng",
                "--pcap-out run.pcapng",
                "--record-limit 1",
                "--http 0"
            })
    void whatOnlyTheUserEngineDoesIsNotForAnother(String typed) {
        for (var engine : List.of("kernel", "auto")) {
            var command = "run x.o --listen 127.0.0.1:0 --engine " + engine + " " + typed;
            var outcome = Outcome.of(words(command));
            assertThat(outcome.err())
                    .contains("is for the user engine: leave it out, or say --engine user\n");
            assertThat(outcome.code()).isEqualTo(2);
        }
    }

    @Test
    void anObjectThatIsNotThere() {
        assertRefused(Outcome.of("disasm", "nothing.o"), "ENOENT: there is no file nothing.o");
    }

    @Test
    void anObjectThatIsNone(@TempDir Path folder) throws Exception {
        var file =
                Files.writeString(
                        folder.resolve("text.o"), "This is a text and no object.\n".repeat(9));
        var outcome = Outcome.of("run", file.toString(), "--listen", "127.0.0.1:0");
        assertRefused(outcome, "ENOEXEC: ", "text.o: ", "not an ELF file");
    }

    @Test
    void anObjectThatIsCutOff(@TempDir Path folder) throws Exception {
        var whole = Files.readAllBytes(Path.of(Outcome.example("splice")));
        var file = folder.resolve("cut.o");
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(Outcome.of("disasm", file.toString()), "cut.o: ");
    }

    @ParameterizedTest
    @CsvSource({"no/such/folder/a.pcapng, there is no such folder", "., Is a directory"})
    void aRecordingThatCannotBeWritten(String file, String why) {
        var outcome =
                Outcome.of(
                        "run",
                        Outcome.example("echo"),
                        "--listen",
                        "127.0.0.1:0",
                        "--record",
                        file);
        assertRefused(outcome, "can't record to %s: %s".formatted(file, why));
    }

    @Test
    void anAddressThatIsTaken() throws Exception {
        try (var server = DemoServer.start("taken", 200)) {
            var address = Addresses.print(server.address());
            var outcome =
                    Outcome.of(
                            "run",
                            Outcome.example("echo"),
                            "--listen",
                            address,
                            "--insert",
                            "sockets[cookie]=client");
            assertRefused(outcome, "can't listen on", address, "in use");
        }
    }

    /** All that the help shows. */
    private static Stream<String> commands() {
        return Main.commandLine().getSubcommands().entrySet().stream()
                .filter(entry -> !entry.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .filter(name -> !name.equals("help"));
    }

    @Test
    void theHelpTextOfAllIsAsApproved() throws Exception {
        Approved.check("help-jsockmap", Outcome.of("--help").out());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theHelpTextIsAsApproved(String command) throws Exception {
        var outcome = Outcome.of(command, "--help");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        Approved.check("help-" + command, outcome.out());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theHelpTextOfEachCommandHasExamples(String command) {
        assertThat(Outcome.of(command, "--help").out())
                .containsPattern(
                        "\nExamples?:\n.*jsockmap|\nExamples?:\n.*\n.*jsockmap " + command);
        assertThat(Outcome.of("help", command).out())
                .isEqualTo(Outcome.of(command, "--help").out());
    }

    @Test
    void topSaysIfNobodyAnswersAndIfSomebodyElseDoes() throws Exception {
        int nobody;
        try (var server = DemoServer.start("somebody else", 404)) {
            nobody = server.address().getPort();
            assertRefused(
                    Outcome.of("top", "--once", "--http", String.valueOf(nobody)),
                    "http://127.0.0.1:%d/api/state answers with status 404".formatted(nobody));
        }
        assertRefused(
                Outcome.of("top", "--once", "--http", String.valueOf(nobody)),
                "ECONNREFUSED: nobody answers at 127.0.0.1:%d".formatted(nobody));
    }

    @Test
    void anHttpAddressThatIsTaken() throws Exception {
        try (var server = DemoServer.start("taken", 200)) {
            var outcome =
                    Outcome.of(
                            "run",
                            Outcome.example("echo"),
                            "--listen",
                            "127.0.0.1:0",
                            "--insert",
                            "sockets[cookie]=client",
                            "--http",
                            String.valueOf(server.address().getPort()));
            assertRefused(outcome, "can't serve HTTP on", "in use");
        }
    }

    @Test
    void theVersionNamesItselfAndJava() {
        var outcome = Outcome.of("--version");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("jsockmap ").contains("Java ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "llvm"})
    void theDisassemblyOfAnExampleIsAsApproved(String style) throws Exception {
        var outcome = Outcome.of("disasm", "--style", style, Outcome.example("splice"));
        assertThat(outcome.code()).isZero();
        Approved.check("disasm-splice-" + style, outcome.out());
    }

    @Test
    void oneFunctionCanBeDisassembledAlone() {
        var object = Outcome.example("http-policy");
        var outcome = Outcome.of("disasm", "--program", "guard", object);
        assertThat(outcome.out()).contains("function guard:").doesNotContain("function judge:");
        assertRefused(
                Outcome.of("disasm", "--program", "nobody", object),
                "ENOENT: http-policy.bpf.o has no function named nobody");
    }

    /** One line, which says all of that, and no stack trace. */
    static void assertRefused(Outcome outcome, String... parts) {
        assertThat(outcome.err().lines().toList()).hasSize(1);
        assertThat(outcome.err()).startsWith("jsockmap: ").contains(parts);
        assertThat(outcome.code()).isEqualTo(1);
    }
}
