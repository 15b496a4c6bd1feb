package io.jsockmap.sockmap.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.rule.Rule;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Classic traps of calls, and what is said to those who step into them. */
class CallExplanationTest {
    private static final String SOCKMAP = "sockets sockmap(4, 4, 8)";
    private static final String SOCKHASH = "sockets sockhash(4, 4, 8)";

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "sk_msg:bpf_msg_redirect_map(msg, &map, index, flags)",
                "sk_msg:bpf_msg_redirect_hash(msg, &map, &key, flags)",
                "sk_skb:bpf_sk_redirect_map(skb, &map, index, flags)",
                "sk_skb:bpf_sk_redirect_hash(skb, &map, &key, flags)"
            })
    @DisplayName("C41: a redirect with the map as its first argument")
    void c41TheArgumentsOfARedirectAreInTheWrongOrder(String type, String prototype) {
        var helper = prototype.substring(0, prototype.indexOf('('));
        var explanation =
                Explained.of(
                        type,
                        List.of(helper.endsWith("hash") ? SOCKHASH : SOCKMAP),
                        """
                        r2 = r1
                        r1 = map sockets
                        *(u32 *)(r10 - 4) = 0
                        r3 = r10
                        r3 += -4
                        r4 = 0
                        call %s
                        exit
                        """
                                .formatted(helper));
        assertThat(explanation.reason())
                .isEqualTo(
                        "Argument 1 is a map where the context is expected: the arguments of"
                                + " %s() are in the wrong order.".formatted(helper));
        assertThat(explanation.suggestion()).isEqualTo("The order is %s.".formatted(prototype));
        assertThat(explanation.path()).containsExactly("1: (18) r1 = map[fd:0]: sets R1");
    }

    @Test
    void anIndexWhereTheMapBelongsIsComparedWithThePrototype() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        List.of(SOCKMAP),
                        """
                        r2 = 0
                        r3 = map sockets
                        r4 = 0
                        call bpf_msg_redirect_map
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo(
                        "Argument 2 is a number where a map is expected, in the call of"
                                + " bpf_msg_redirect_map().");
        assertThat(explanation.suggestion())
                .isEqualTo(
                        "Compare with the prototype: bpf_msg_redirect_map(msg, &map, index,"
                                + " flags).");
    }

    @Test
    void aKeyThatIsNoPointer() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        List.of("m hash(4, 8, 1)"),
                        "r1 = map m\nr2 = 5\ncall bpf_map_lookup_elem\nr0 = 1\nexit");
        assertThat(explanation.reason())
                .isEqualTo(
                        "Argument 2 is a number where a pointer to memory is expected, in the call"
                                + " of bpf_map_lookup_elem().");
        assertThat(explanation.suggestion())
                .isEqualTo("Compare with the prototype: bpf_map_lookup_elem(&map, &key).");
    }

    @Test
    void aHelperOfAnotherTypeNamesThatType() {
        var explanation = Explained.example(Rule.HELPER_NOT_ALLOWED);
        assertThat(explanation.reason())
                .isEqualTo("Programs of type sk_skb can't call bpf_msg_apply_bytes().");
        assertThat(explanation.suggestion())
                .startsWith("bpf_msg_apply_bytes() is for programs of type sk_msg")
                .contains("SEC(\"sk_msg\")");
        assertThat(explanation.path()).isEmpty();
    }

    @Test
    void aSocketThatWasLookedUpMustBeReleased() {
        var explanation =
                Explained.of(
                        "sk_skb",
                        """
                        *(u64 *)(r10 - 16) = 0
                        *(u64 *)(r10 - 8) = 0
                        r2 = r10
                        r2 += -16
                        r3 = 12
                        r4 = 0
                        r5 = 0
                        call bpf_sk_lookup_tcp
                        if r0 == 0 goto out
                        r0 = 1
                        out:
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo("What bpf_sk_lookup_tcp() gave is still held where the program ends.");
        assertThat(explanation.suggestion()).contains("bpf_sk_release(sk);");
        assertThat(explanation.path())
                .containsExactly(
                        "7: (85) call bpf_sk_lookup_tcp#84: takes it",
                        "8: (15) if r0 == 0x0 goto pc+1: not taken");
    }

    @Test
    void aSocketIsUsedAfterItsRelease() {
        var explanation =
                Explained.of(
                        "sk_skb",
                        """
                        *(u64 *)(r10 - 16) = 0
                        *(u64 *)(r10 - 8) = 0
                        r2 = r10
                        r2 += -16
                        r3 = 12
                        r4 = 0
                        r5 = 0
                        call bpf_sk_lookup_tcp
                        if r0 == 0 goto out
                        r6 = r0
                        r1 = r0
                        call bpf_sk_release
                        r0 = *(u32 *)(r6 + 4)
                        out:
                        r0 = 1
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo("R6 pointed to what bpf_sk_release() has given back.");
    }

    @Test
    void aRecordIsStillHeldAtATailCall() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        List.of("programs prog_array(4, 4, 4)", "events ringbuf(0, 0, 4096)"),
                        """
                        r6 = r1
                        r1 = map events
                        r2 = 8
                        r3 = 0
                        call bpf_ringbuf_reserve
                        r1 = r6
                        r2 = map programs
                        r3 = 0
                        call bpf_tail_call
                        r0 = 1
                        exit
                        """);
        assertThat(explanation.reason()).contains("bpf_ringbuf_reserve()", "still held");
        assertThat(explanation.suggestion()).contains("bpf_ringbuf_submit(record, 0)");
    }

    @Test
    void aRecordMayBeNullToo() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        List.of("events ringbuf(0, 0, 4096)"),
                        """
                        r1 = map events
                        r2 = 8
                        r3 = 0
                        call bpf_ringbuf_reserve
                        *(u64 *)(r0 + 0) = 1
                        r0 = 1
                        exit
                        """);
        assertThat(explanation.path())
                .containsExactly(
                        "4: (85) call bpf_ringbuf_reserve#131: sets R0, which may be null");
    }

    @Test
    void aCallLeavesNothingInItsArguments() {
        var explanation =
                Explained.of("sk_msg", "call bpf_ktime_get_ns\nr0 = *(u32 *)(r1 + 68)\nexit");
        assertThat(explanation.reason())
                .isEqualTo("R1 holds nothing: bpf_ktime_get_ns() leaves nothing in R1 to R5.");
    }

    @Test
    void aRecordsSizeMustBeAConstant() {
        var explanation = Explained.example(Rule.ARGUMENT_CONSTANT);
        assertThat(explanation.reason()).startsWith("R2 of bpf_ringbuf_reserve() must be");
        assertThat(explanation.suggestion()).contains("bpf_ringbuf_output()");
        assertThat(explanation.path()).containsExactly("0: (61) r2 = *(u32 *)(r1 +68): sets R2");
    }

    @Test
    void aHelperUnderTheGplNamesTheLicense() {
        var explanation = Explained.example(Rule.GPL_ONLY);
        assertThat(explanation.reason())
                .contains("bpf_trace_printk()", "the object's license is \"Proprietary\"");
        assertThat(explanation.suggestion()).contains("SEC(\"license\") = \"GPL\"");
    }

    @ParameterizedTest
    @CsvSource({"sk_msg, 72", "sk_skb, 168"})
    void mapsOfSocketsAreNotUpdatedFromVerdicts(String type, int socket) {
        var explanation =
                Explained.of(
                        type,
                        List.of(SOCKMAP),
                        """
                        r3 = *(u64 *)(r1 + %d)
                        if r3 == 0 goto out
                        *(u32 *)(r10 - 4) = 0
                        r2 = r10
                        r2 += -4
                        r1 = map sockets
                        r4 = 0
                        call bpf_map_update_elem
                        out:
                        r0 = 1
                        exit
                        """
                                .formatted(socket));
        assertThat(explanation.reason())
                .isEqualTo(
                        "Programs of type %s can't change maps of sockets with".formatted(type)
                                + " bpf_map_update_elem().");
        assertThat(explanation.suggestion())
                .contains("sockops", "bpf_sock_map_update()", "bpf_sock_hash_update()");
    }

    @Test
    void aFieldThatCoreDidNotFindIsNamed() {
        var code = ProgramText.read("sk_msg", List.of(), "call 195896080\nr0 = 1\nexit");
        var debug =
                new Debug(
                        "",
                        new TreeMap<>(),
                        List.of(),
                        Optional.empty(),
                        "GPL",
                        Map.of(0, "struct sock has no field sk_cookie"));
        var explanation =
                Explained.of(new Program("one", code.type(), code.code(), List.of(), debug));
        assertThat(explanation.reason()).contains("struct sock has no field sk_cookie");
        assertThat(explanation.suggestion()).contains("bpf_core_field_exists");
        assertThat(explanation.path()).isEmpty();
    }

    @Test
    void thePathGoesThroughTheStackAndThroughFunctions() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        """
                        r1 = 7
                        call f
                        *(u64 *)(r10 - 8) = r0
                        r3 = *(u64 *)(r10 - 8)
                        r0 = *(u8 *)(r3 + 0)
                        exit
                        f:
                        r0 = r1
                        exit
                        """);
        assertThat(explanation.path())
                .containsExactly(
                        "0: (b7) r1 = 7: sets R1",
                        "6: (bf) r0 = r1: sets R0",
                        "2: (7b) *(u64 *)(r10 -8) = r0: stores it on the stack",
                        "3: (79) r3 = *(u64 *)(r10 -8): sets R3");
    }
}
