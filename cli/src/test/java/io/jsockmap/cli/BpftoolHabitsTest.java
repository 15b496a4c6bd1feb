package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.control.ControlServer;
import io.jsockmap.control.inventory.EngineInventory;
import io.jsockmap.proxy.Proxy;
import io.jsockmap.proxy.ProxyListener;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.setup.Insertion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code prog}, {@code map}, {@code link} and {@code btf}, asking a proxy at work. */
class BpftoolHabitsTest {
    @TempDir private Path folder;

    private UserEngine engine;
    private UserObject object;
    private Proxy proxy;
    private ControlServer control;

    @BeforeEach
    void start() throws Exception {
        engine = Engines.open();
        object = engine.load(Path.of(Outcome.example("port-policy")));
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("port_policy"), AttachType.SK_MSG_VERDICT);
        proxy =
                Proxy.start(
                        engine,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        List.of(),
                        List.of(
                                new Insertion(
                                        sockets,
                                        object.spec().btf(),
                                        KeyNotation.parse("slot"),
                                        "client")),
                        new ProxyListener() {});
        control = ControlServer.open(folder.resolve("run.sock"));
        control.serve(new EngineInventory(engine, List.of(object)));
    }

    @AfterEach
    void stop() throws Exception {
        control.close();
        proxy.close();
        engine.close();
    }

    /** As typed, words divided by a space, to the proxy of this test. */
    private Outcome jsockmap(String typed) {
        return Outcome.of(
                Stream.concat(
                                Stream.of(typed.split(" ")),
                                Stream.of("--control", control.path().toString()))
                        .toArray(String[]::new));
    }

    private String out(String typed) {
        var outcome = jsockmap(typed);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).as(outcome.out()).isZero();
        return outcome.out();
    }

    @ParameterizedTest
    @CsvSource({
        "prog-list, prog list",
        "prog-list, prog show",
        "prog-list, prog",
        "prog-show-json, prog show id 1 --json",
        "prog-show-json, -j prog show name port_policy",
        "prog-list-pretty, prog list --pretty",
        "prog-list-pretty, prog -p",
        "prog-list-pretty, -jp prog list",
        "prog-dump, prog dump xlated id 1",
        "prog-dump, prog dump xlated name port_policy",
        "map-list, map list",
        "map-list, map",
        "map-list-json, map list -j",
        "link-list, link list",
        "link-list, link show",
        "link-list-json, link -j",
        "btf-list, btf list",
        "btf-dump, btf dump",
        "btf-dump, btf dump id 1",
        "btf-dump, btf dump map sockets",
        "btf-dump, btf dump prog id 1 format raw",
        "btf-dump-json, btf dump id 1 -j",
        "btf-dump-c, btf dump id 1 format c"
    })
    void whatIsThereIsPrintedAsApproved(String approved, String typed) throws Exception {
        Approved.check("bpftool-" + approved, out(typed));
    }

    @Test
    void aFileIsAskedAsARunIs() throws Exception {
        var file = Outcome.example("port-policy");
        Approved.check("bpftool-prog-list", Outcome.of("prog", "list", "--object", file).out());
        Approved.check("bpftool-map-list", Outcome.of("map", "list", "--object", file).out());
        Approved.check("bpftool-btf-dump", Outcome.of("btf", "dump", "file", file).out());
        Approved.check(
                "bpftool-btf-dump-c", Outcome.of("btf", "dump", "file", file, "format", "c").out());
        assertThat(Outcome.of("link", "list", "--object", file).out()).isEmpty();
    }

    @Test
    void elementsComeAndGo() {
        assertThat(out("map update name allowed_ports key 443 value 1")).isEmpty();
        assertThat(out("map update allowed_ports key 0x50 0 0 0 value hex 02 00 00 00 noexist"))
                .isEmpty();
        assertThat(out("map lookup allowed_ports key 0xbb 0x01 0 0"))
                .isEqualTo("{\n    \"key\": 443,\n    \"value\": 1\n}\n");
        assertThat(out("map lookup allowed_ports key 80 -j"))
                .isEqualTo(
                        "{\"key\":[\"0x50\",\"0x00\",\"0x00\",\"0x00\"],"
                                + "\"value\":[\"0x02\",\"0x00\",\"0x00\",\"0x00\"],"
                                + "\"formatted\":{\"key\":80,\"value\":2}}\n");
        assertThat(out("map delete allowed_ports key hex 50 00 00 00 -j")).isEqualTo("null\n");
        assertThat(out("map dump allowed_ports"))
                .isEqualTo("[{\n        \"key\": 443,\n        \"value\": 1\n    }\n]\n");
        assertThat(out("map getnext allowed_ports"))
                .isEqualTo("key: None\nnext key:\nbb 01 00 00\n");

        var gone = jsockmap("map lookup allowed_ports key 80");
        assertThat(gone.out()).isEqualTo("Not found\n");
        assertThat(gone.code()).isEqualTo(1);
    }

    @Test
    void aConnectionIsSeenInItsMapAndItsBytesFollowTheChange() throws Exception {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
            client.setSoTimeout(120_000);
            while (object.sockMap("sockets").size() == 0) Thread.onSpinWait();
            assertThat(out("map dump sockets"))
                    .isEqualTo(
                            """
                            [{
                                    "key": 0,
                                    "value": {
                                        "cookie": 1,
                                        "kind": "tcp",
                                        "local": "127.0.0.1:%d",
                                        "remote": "127.0.0.1:%d",
                                        "state": "ESTABLISHED",
                                        "programs": "sk_msg=port_policy"
                                    }
                                }
                            ]
                            """
                                    .formatted(proxy.address().getPort(), client.getLocalPort()));
            assertThat(out("map delete sockets key 0")).isEmpty();
            assertThat(object.sockMap("sockets").size()).isZero();
            assertThat(out("map update sockets key 3 value 1")).isEmpty();
            assertThat(out("map getnext sockets key 2")).contains("next key:\n03 00 00 00");
        }
    }

    @Test
    void aProgramIsDetachedAndAttachedByItsOlderAndNewerName() {
        assertThat(out("prog detach port_policy msg_verdict sockets")).isEmpty();
        assertThat(out("link list")).isEmpty();
        assertThat(out("prog attach id 1 sk_msg_verdict id 2 -j")).isEqualTo("null\n");
        assertThat(object.sockMap("sockets").programs().msg())
                .isEqualTo(object.program("port_policy"));
        assertThat(out("link list")).contains("sk_msg_verdict (msg_verdict)");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
                    prog show x                            | ENOENT: there is no program named x (there are: port_policy)
                    prog dump xlated id 7                  | ENOENT: there is no program with id 7 (there are: 1)
                    map dump x                             | ENOENT: there is no map named x (there are: allowed_ports, sockets)
                    map delete allowed_ports key 1         | ENOENT: map allowed_ports (hash): no key 01000000
                    map lookup allowed_ports key 1 2       | EINVAL: key: 2 bytes, expected 4
                    map update sockets key 0 value 77      | EBADF: no socket has the cookie 77: map dump shows those of a map
                    prog attach port_policy stream_parser sockets | EINVAL: map sockets (sockmap): program port_policy (sk_msg) can't be attached as sk_skb_stream_parser, which takes sk_skb programs
                    """)
    void whatIsRefusedGetsALineOrAnErrorInJson(String typed, String complaint) {
        CommandLineTest.assertRefused(jsockmap(typed), complaint);

        var json = jsockmap(typed + " -j");
        assertThat(json.err()).isEmpty();
        assertThat(json.out()).isEqualTo("{\"error\":\"%s\"}\n".formatted(complaint));
        assertThat(json.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
                    prog dump id 1                         | expected xlated instead of 'id'
                    prog dump xlated                       | expected a program behind 'xlated'
                    prog list id 1 2                       | '2' is one word too many
                    prog attach x                          | expected an attach type behind 'x'
                    map lookup x 3                         | expected key instead of '3'
                    map lookup x key                       | expected a key behind 'x key'
                    map update x key 1                     | expected value behind 'x key 1'
                    map update x key 1 value 2 any any     | 'any' is one word too many
                    map frob                               | Unmatched argument at index 1: 'frob'
                    btf dump id 1 format rust              | expected raw or c instead of 'rust'
                    btf dump id 1 format                   | expected raw or c behind 'id 1 format'
                    btf dump id 1 format c -j              | format c is C: leave out --json and --pretty
                    """)
    void whatIsNotUnderstoodGetsALineAndAHint(String typed, String complaint) {
        var outcome = jsockmap(typed);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("jsockmap: ").contains(complaint);
        assertThat(outcome.err().lines().toList().getLast())
                .matches("Try: jsockmap (prog|map|btf)( \\w+)? --help");
    }

    @Test
    void aRunThatIsNotThereIsNamed() {
        var nowhere = folder.resolve("nowhere.sock").toString();
        CommandLineTest.assertRefused(
                Outcome.of("prog", "list", "--control", nowhere),
                "ENOENT: there is no control socket " + nowhere);
    }

    @Test
    void aRunDoesNotTakeTheSocketOfAnother() {
        var outcome =
                Outcome.of(
                        "run",
                        Outcome.example("echo"),
                        "--listen",
                        "127.0.0.1:0",
                        "--insert",
                        "sockets[cookie]=client",
                        "--control",
                        control.path().toString());
        CommandLineTest.assertRefused(outcome, "EADDRINUSE: control socket " + control.path());
    }

    @Test
    void theOnlyRunWithASocketIsFoundAndTheSocketGoesWithIt() throws Exception {
        try (var run = run();
                var silent = run("--no-control")) {
            var line = run.linesTo("control socket ").getLast();
            var path = Path.of(line.substring("control socket ".length()));
            assertThat(path).hasParent(folder.resolve("jsockmap"));
            assertThat(silent.linesTo("listening on ")).noneMatch(l -> l.contains("control"));

            try (var ask = ChildCommand.start(folder, "map", "list", "-j")) {
                assertThat(ask.linesTo("]").getLast()).contains("\"name\":\"sockets\"");
                assertThat(ask.exitCode()).isZero();
            }

            run.terminate();
            run.exitCode();
            assertThat(path).doesNotExist();
        }
    }

    private ChildCommand run(String... more) throws Exception {
        var arguments =
                Stream.concat(
                        Stream.of(
                                "run",
                                Outcome.example("echo"),
                                "--listen",
                                "127.0.0.1:0",
                                "--insert",
                                "sockets[cookie]=client"),
                        Stream.of(more));
        return ChildCommand.start(folder, arguments.toArray(String[]::new));
    }
}
