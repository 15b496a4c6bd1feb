package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that does what no program may harms its own message, and nothing else. */
@DisplayName("hostile programs")
class HostileProgramsTest extends NetworkTest {
    private UserObject hostile;
    private Connection connection;

    HostileProgramsTest() {
        // What is wrong with a program shall not hide behind an empty buffer.
        super(Limits.DEFAULT, Delivery.WHOLE);
    }

    @BeforeEach
    void load() {
        hostile = network.load("hostile", LoadOptions.DEFAULT.unverified());
        connection = network.accepted();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("C41: the fault names program and C line, and takes the message only")
    @CsvSource({
        "read_past_end, return data[64]",
        "write_past_end, data[1] = 'x'",
        "read_stale_pointer, return *data",
        "write_context, skb->len = 1",
        "read_past_context, (char *)skb + 4096",
        "read_null, return *value",
        "write_past_value, value[1] = 1",
        "read_below_stack, asm volatile",
        "write_above_stack, asm volatile",
        "loop_endless, while",
        "loop_long, for",
        "recurse, deeper(depth + 1)",
        "read_wild_pointer, 0x7f0000000000ull",
        "pass_map_as_context, bpf_sk_redirect_map",
        "pass_number_as_key, bpf_map_lookup_elem(&nothing",
        "call_foreign_helper, bpf_msg_apply_bytes",
        "call_unknown_helper, return unknown()"
    })
    void harmsOnlyItsMessage(String program, String line) {
        runs(program, AttachType.SK_SKB_STREAM_VERDICT);

        assertThat(connection.reads()).isEmpty();
        assertThat(connection.account().receive().dropped()).isEqualTo(1);
        assertThat(network.faults()).hasSize(1);
        var fault = network.faults().getFirst();
        assertThat(fault).hasMessageContaining("program " + program);
        assertThat(fault.line()).get().asString().contains("hostile.bpf.c").contains(line);
        livesOn();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("what Linux allows to privileged programs")
    @ValueSource(strings = {"divide_by_zero"})
    void legal(String program) {
        runs(program, AttachType.SK_SKB_STREAM_VERDICT);

        assertThat(connection.reads()).isEqualTo("m");
        assertThat(network.faults()).isEmpty();
        livesOn();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("registers and stack that were never set show nothing of others")
    @ValueSource(strings = {"read_unset_stack", "read_unset_register"})
    void unset(String program) {
        runs(program, AttachType.SK_SKB_STREAM_VERDICT);

        // Zero, or a fault: both drop.
        assertThat(connection.reads()).isEmpty();
        livesOn();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("as a parser a hostile program stops the framing of its socket, and nothing else")
    @ValueSource(strings = {"read_past_end", "read_null", "loop_endless", "recurse"})
    void asParser(String program) {
        var targets = hostile.sockMap("targets");
        targets.attach(hostile.program("divide_by_zero"), AttachType.SK_SKB_STREAM_VERDICT);
        runs(program, AttachType.SK_SKB_STREAM_PARSER);

        assertThat(connection.reads()).isEmpty();
        assertThat(connection.outcome()).isEqualTo(new Ingress.Failed(14));
        assertThat(network.faults()).hasSize(1);
        targets.delete(0);
        assertThat(connection.reads()).as("removal brings reading back").isEqualTo("m");
    }

    private void runs(String program, AttachType type) {
        var targets = hostile.sockMap("targets");
        targets.attach(hostile.program(program), type);
        targets.update(0, connection.socket(), UpdateFlag.ANY);
        connection.peer().sends("m");
    }

    /** The socket is as it was: with a good program the next message passes. */
    private void livesOn() {
        var good = network.load("rewrite");
        hostile.sockMap("targets").delete(0);
        good.sockMap("sockets").attach(good.program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        good.sockMap("sockets").update(0, connection.socket(), UpdateFlag.ANY);

        connection.peer().sends("next");
        connection.sends("out").succeeds();

        assertThat(connection.reads()).isEqualTo("NEXT");
        assertThat(connection.peer().received()).isEqualTo("out");
    }
}
