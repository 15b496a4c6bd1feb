package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Each mistake in the notations of {@code run} gets one line that names it. */
class MistakenOptionsTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
                    splice | --insert peers                     | --insert peers: expected MAP[KEY]=SOCKET
                    splice | --insert peers[1=client            | --insert peers[1=client: expected MAP[KEY]=SOCKET
                    splice | --insert nobody[1]=client          | splice.bpf.o has no map named nobody (it has: peers)
                    splice | --insert peers[1+]=client          | 1+: expected a value at column 3
                    splice | --insert peers[]=client            | expected a value at column 1
                    splice | --insert peers[cookie)]=client     | cookie): expected the end at column 7
                    splice | --insert peers[1]=upstream         | peers[1]=upstream: there is no socket upstream (there are: client)
                    splice | --insert peers[1]=                 | no socket is inserted here: name one
                    splice |                                    | no socket would enter map peers, so no program would run: add for example --insert
                    splice | --when-full nobody=drop            | splice.bpf.o has no map named nobody
                    splice | --set x                            | --set x: expected NAME=VALUE or MAP[KEY]=VALUE
                    splice | --set x=1                          | splice.bpf.o has no variable x
                    splice | --set nobody[1]=1                  | splice.bpf.o has no map named nobody
                    splice | --set peers[1]=1                   | insert the socket itself
                    splice | --attach x                         | --attach x: expected PROGRAM=MAP[:ATTACH]
                    splice | --attach nobody=peers              | splice.bpf.o has no program named nobody (it has: splice)
                    splice | --attach splice=nobody             | splice.bpf.o has no map named nobody (it has: peers)
                    splice | --attach splice=peers:verdikt      | no attach type is called verdikt
                    splice | --attach splice=peers:msg_verdict  | program splice (sk_skb) can't be attached as sk_msg_verdict
                    splice | --type splice=sk_skub              | --type splice=sk_skub: no type of program is called so
                    splice | --type nobody=sk_msg               | splice.bpf.o has no program named nobody
                    splice | --skip nobody                      | splice.bpf.o has no program named nobody
                    splice | --btf nowhere                      | there is no file nowhere
                    splice | --btf pom.xml                      | pom.xml: section .BTF, offset 0: wrong magic number
                    splice | --max-entries nobody=1             | splice.bpf.o has no map named nobody
                    splice | --max-entries peers=0              | map peers (sockhash): max_entries is 0
                    http-policy | --insert clients[cookie]=client | say --attach parse=MAP, or --skip parse
                    port-policy | --set allowed_ports[99999999999]=1 | 99999999999 does not fit into 4 bytes
                    port-policy | --set allowed_ports[cookie]=1 | no socket is inserted here: write a number
                    port-policy | --set allowed_ports["a long text"]=1 | 11 bytes, there is room for 4
                    """)
    void aMistakeGetsOneLine(String example, String option, String complaint) {
        List<String> arguments = new ArrayList<>();
        Collections.addAll(arguments, "run", Outcome.example(example), "--listen", "127.0.0.1:0");
        if (option != null) Collections.addAll(arguments, option.split(" ", 2));

        var outcome = Outcome.of(arguments.toArray(String[]::new));

        CommandLineTest.assertRefused(outcome, complaint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--busy-poll", "--account-every"})
    void aTimeIsNotNegative(String option) {
        var outcome =
                Outcome.of(
                        "run", Outcome.example("splice"), "--listen", "127.0.0.1:0", option, "-1");

        assertThat(outcome.err()).contains(option + " takes ", ", 0 for never");
        assertThat(outcome.code()).isEqualTo(2);
    }
}
