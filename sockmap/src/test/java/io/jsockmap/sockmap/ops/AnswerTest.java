package io.jsockmap.sockmap.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Addresses;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs answer to the questions TIMEOUT_INIT, RWND_INIT and NEEDS_ECN. */
class AnswerTest extends NetworkTest {
    private static final Addresses ENDS = Network.addresses("10.0.0.1", 1234, "10.0.0.2", 80);
    private static final int RWND_INIT = 2;

    private final Quiet transport = new Quiet();

    private void answering(int op, int reply, int result) {
        var options =
                LoadOptions.DEFAULT
                        .withVariable("reply_op", op)
                        .withVariable("reply_value", reply)
                        .withVariable("result", result);
        network.engine().attach(Trace.in(network, options).program());
    }

    @ParameterizedTest
    @DisplayName("O7: with a result of 1 the reply is the answer, and the transport hears it")
    @CsvSource({"1, 300, TIMEOUT_INIT=300", "2, 40, RWND_INIT=40", "6, 1, NEEDS_ECN=1"})
    void answer(int op, int reply, String expected) {
        answering(op, reply, 1);

        network.engine().connected(ENDS, transport);

        assertThat(transport.told()).containsExactly(expected);
    }

    @Test
    @DisplayName("O7: so it is for a connection that comes in")
    void answerForRequest() {
        answering(RWND_INIT, 40, 1);

        network.engine().accepted(ENDS, transport);

        assertThat(transport.told()).containsExactly("RWND_INIT=40");
    }

    @Test
    @DisplayName("O7: with a result of 0 the answer is the default, whatever the reply")
    void resultOfZero() {
        answering(RWND_INIT, 40, 0);

        network.engine().connected(ENDS, transport);

        assertThat(transport.told()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("O7: -1, and 0, with which a reply starts, are the default")
    @CsvSource({"-1", "0"})
    void defaults(int reply) {
        answering(RWND_INIT, reply, 1);

        network.engine().connected(ENDS, transport);

        assertThat(transport.told()).isEmpty();
    }

    @Test
    @DisplayName("O7: of several programs the last reply counts, if none of them has a result of 0")
    void severalPrograms() {
        answering(RWND_INIT, 40, 1);
        answering(RWND_INIT, 50, 1);
        network.engine().connected(ENDS, transport);
        assertThat(transport.told()).containsExactly("RWND_INIT=50");

        answering(RWND_INIT, 60, 0);
        answering(RWND_INIT, 70, 1);
        network.engine().connected(ENDS, transport);
        assertThat(transport.told()).as("nothing more").containsExactly("RWND_INIT=50");
    }

    @Test
    @DisplayName("O7: a program that faults leaves the default")
    void fault() {
        answering(RWND_INIT, 40, 1);
        var code = Assembler.assemble("r0 = *(u32 *)(r1 + 500)\nexit");
        network.engine().attach(Program.of("bad", SocketPrograms.SOCK_OPS, code));

        network.engine().connected(ENDS, transport);

        assertThat(transport.told()).isEmpty();
        assertThat(network.faults()).isNotEmpty();
    }

    @Test
    @DisplayName("O7: in other callbacks a reply says nothing")
    void otherCallbacks() {
        answering(4, 40, 1);

        network.engine().connected(ENDS, transport);

        assertThat(transport.told()).isEmpty();
    }
}
