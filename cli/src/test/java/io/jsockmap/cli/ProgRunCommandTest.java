package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code jsockmap prog run}: one program, one message. */
class ProgRunCommandTest {
    private static final String POLICY = Outcome.example("http-policy");
    private static final String WORKBENCH =
            Outcome.ROOT.resolve("testkit/src/test/resources/programs/workbench.bpf.o").toString();

    @Test
    void aReceivedMessageIsJudged() {
        var outcome =
                Outcome.of(
                        "prog", "run", POLICY, "judge", "--data", "DELETE / HTTP/1.1\\r\\n\\r\\n");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .matches("(?s)result   judge: DROP \\(0\\), after \\d+ instructions\\R.*")
                .contains(
                        "decided  http-policy.bpf.c:124: return OUTCOME(deny());",
                        "changed  verdicts[0]: 0 -> 1",
                        "bytes    21, of which 0 can be read directly",
                        "0010  31 0d 0a 0d 0a");
    }

    @Test
    void aParserTellsALengthOrAnErrno() {
        assertThat(
                        Outcome.of(
                                        "prog",
                                        "run",
                                        POLICY,
                                        "parse",
                                        "--data",
                                        "GET / HTTP/1.1\\r\\n\\r\\n!")
                                .out())
                .startsWith("result   parse: 18, after ");
        assertThat(Outcome.of("prog", "run", POLICY, "parse", "--data", "no request\\r\\n").out())
                .startsWith("result   parse: -74 (-EBADMSG), after ");
    }

    @Test
    void aRedirectNamesItsTarget() {
        var outcome =
                Outcome.of(
                        "prog",
                        "run",
                        POLICY,
                        "judge",
                        "--data",
                        "GET /admin HTTP/1.1\\r\\n\\r\\n",
                        "--socket",
                        "guard=connected",
                        "--insert",
                        "servers[{client=client.cookie,choice=1}]=guard");

        assertThat(outcome.out()).contains("REDIRECT (1)", "target   guard.peer");
    }

    @Test
    void whatIsSetIsThere() {
        var sends =
                new String[] {
                    "prog",
                    "run",
                    Outcome.example("port-policy"),
                    "port_policy",
                    "--data=hello",
                    "--remote",
                    "10.0.0.2:443",
                    "--set",
                    "allowed_ports[443]=1"
                };

        assertThat(Outcome.of(sends).out()).contains("port_policy: PASS (1)");
        sends[6] = "10.0.0.2:444";
        assertThat(Outcome.of(sends).out()).contains("port_policy: DROP (0)");
    }

    @Test
    void jsonHasTheSame() {
        var outcome =
                Outcome.of(
                        "prog",
                        "run",
                        WORKBENCH,
                        "send",
                        "--hex",
                        "3f 61 62",
                        "--split",
                        "1",
                        "-j");

        var json = JsonParser.parseString(outcome.out()).getAsJsonObject();
        assertThat(json.get("verdict").getAsString()).isEqualTo("PASS");
        assertThat(json.get("data_out").getAsString()).isEqualTo("3f6162");
        assertThat(json.get("apply_bytes").getAsInt()).isEqualTo(2);
        assertThat(json.get("cork_bytes").getAsInt()).isEqualTo(3);
        assertThat(json.getAsJsonArray("changes")).hasSize(3);
    }

    @Test
    void anEventIsNamed() {
        assertThat(
                        Outcome.of(
                                        "prog",
                                        "run",
                                        WORKBENCH,
                                        "established",
                                        "--op",
                                        "passive-established")
                                .out())
                .contains("established: 1", "changed  sockets[", "nothing -> client");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    send --data a\\q                        | behind a backslash stands r, n, t
                    send --hex 0                            | is not bytes in hex
                    send --data a --split 2                 | an element of 2 bytes at byte 0 of 1
                    receive --data a --linear 2             | 2 bytes can't be linear of a message of 1
                    send                                    | say which message: --data TEXT
                    established                             | a sock_ops program hears of an event
                    established --op born                   | born is no event
                    established --op state --state up:down  | up is no state of TCP
                    send --data a --linear 1                | --linear is for sk_skb programs, and send is one of sk_msg
                    receive --data a --split 1              | --split is for sk_msg programs, and receive is one of sk_skb
                    receive --data a --op connect           | --op is for sock_ops programs, and receive is one of sk_skb
                    send --data a --state established:close | --state is for sock_ops programs, and send is one of sk_msg
                    established --op connect --hex 00       | --hex is for sk_skb and sk_msg programs, and established is one of sock_ops
                    send --data a --socket b=listening      | a socket is accepted or connected
                    """)
    void whatCannotBeIsALine(String arguments, String complaint) {
        var words = ("prog run " + WORKBENCH + " " + arguments.strip()).split(" +");

        var outcome = Outcome.of(words);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains(complaint.strip()).doesNotContain("\tat ");
    }

    @Test
    void aProgramThereIsNot() {
        CommandLineTest.assertRefused(
                Outcome.of("prog", "run", WORKBENCH, "nobody"), "ENOENT: ", "nobody");
    }
}
