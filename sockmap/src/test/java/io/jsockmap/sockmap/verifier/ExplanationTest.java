package io.jsockmap.sockmap.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.explain.Explanation;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.bpf.verifier.rule.Rule;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Classic traps, and what is said to those who step into them. */
class ExplanationTest {
    private static final String SOCKETS = "sockets sockmap(4, 4, 8)";

    /** What the verifier's refusal of a program without calls is explained by. */
    private static Explanation verified(String type, String text) {
        var program = ProgramText.read(type, List.of("bytes array(4, 64, 1)"), text);
        var refusal = Verifier.verify(program, Options.DEFAULT).refusal().orElseThrow();
        return Explanation.of(program, refusal);
    }

    /** A refusal with that message, at the end of a path. */
    private static Explanation refused(
            Program program, Rule rule, String message, int register, int... path) {
        var slots = Arrays.stream(path).boxed().toList();
        var registers = register < 0 ? List.<Integer>of() : List.of(register);
        int slot = slots.getLast();
        return Explanation.of(
                program,
                new Refusal(
                        rule, Errno.EACCES, message, slot, program.lineOf(slot), registers, slots));
    }

    private static int[] upTo(int last) {
        return IntStream.rangeClosed(0, last).toArray();
    }

    @Test
    void aNativeClangFor32BitsMakesPointersOf4Bytes() {
        var whole = verified("sk_msg", "r2 = *(u32 *)(r1 + 0)\nr0 = 1\nexit");
        assertThat(whole.reason())
                .isEqualTo("data of struct sk_msg_md is a pointer of 8 bytes, and 4 are loaded.");
        assertThat(whole.suggestion()).contains("-target bpf", "native 32-bit clang");
        // Where data_end lies if data has 4 bytes.
        var end = verified("sk_msg", "r2 = *(u32 *)(r1 + 4)\nr0 = 1\nexit");
        assertThat(end.suggestion()).contains("-target bpf");
        assertThat(verified("sk_msg", "r2 = *(u32 *)(r1 + 8)\nr0 = 1\nexit").reason())
                .startsWith("data_end of struct sk_msg_md");
    }

    @Test
    @DisplayName("C35: two bytes of a field are read")
    void c35TheOptimiserReadsTwoBytesOfAField() {
        var explanation = verified("sock_ops", "r2 = *(u16 *)(r1 + 66)\nr0 = 1\nexit");
        assertThat(explanation.reason())
                .isEqualTo(
                        "remote_port of struct bpf_sock_ops has 4 bytes and must be read whole;"
                                + " 2 are loaded.");
        assertThat(explanation.suggestion())
                .contains("the optimiser has narrowed the load", "*(volatile __u32 *)&ctx->");
    }

    @Test
    @DisplayName("C36: two fields are read at once")
    void c36TheOptimiserReadsTwoFieldsAtOnce() {
        var explanation = verified("sock_ops", "r2 = *(u64 *)(r1 + 24)\nr0 = 1\nexit");
        assertThat(explanation.reason())
                .isEqualTo(
                        "8 bytes at offset 24 are two fields at once: remote_ip4 and local_ip4.");
        assertThat(explanation.suggestion()).contains("volatile");
    }

    @Test
    @DisplayName("C41: a redirect with the map as its first argument")
    void c41TheArgumentsOfARedirectAreInTheWrongOrder() {
        var program =
                ProgramText.read(
                        "sk_msg",
                        List.of(SOCKETS),
                        """
                        r2 = r1
                        r1 = map sockets
                        r3 = 0
                        r4 = 0
                        call bpf_msg_redirect_map
                        exit
                        """);
        var explanation =
                refused(
                        program,
                        Rule.ARGUMENT_TYPE,
                        "R1 type=map_ptr expected=ctx",
                        1,
                        0,
                        1,
                        3,
                        4,
                        5);
        assertThat(explanation.reason())
                .isEqualTo(
                        "Argument 1 is a map where the context is expected: the arguments of"
                                + " bpf_msg_redirect_map() are in the wrong order.");
        assertThat(explanation.suggestion())
                .isEqualTo("The order is bpf_msg_redirect_map(msg, &map, index, flags).");
        assertThat(explanation.path()).containsExactly("1: (18) r1 = map[fd:0]: sets R1");
    }

    @Test
    void anotherArgumentIsComparedWithThePrototype() {
        var program =
                ProgramText.read(
                        "sk_msg",
                        List.of("m hash(4, 8, 1)"),
                        "r1 = map m\nr2 = 5\ncall bpf_map_lookup_elem\nr0 = 1\nexit");
        var explanation =
                refused(
                        program,
                        Rule.ARGUMENT_TYPE,
                        "R2 type=scalar expected=fp, pkt, pkt_meta, map_key, map_value, mem",
                        2,
                        0,
                        2,
                        3);
        assertThat(explanation.reason())
                .startsWith("Argument 2 is a number where")
                .endsWith(", in the call of bpf_map_lookup_elem().");
        assertThat(explanation.suggestion())
                .isEqualTo("Compare with the prototype: bpf_map_lookup_elem(&map, &key).");
    }

    @Test
    void bytesThatWereNotComparedWithTheEndWantAComparisonOfThatMany() {
        var explanation =
                verified(
                        "sk_msg",
                        """
                        r2 = *(u64 *)(r1 + 0)
                        r3 = *(u64 *)(r1 + 8)
                        r4 = r2
                        r4 += 8
                        r0 = 1
                        if r4 > r3 goto out
                        r0 = *(u32 *)(r2 + 30)
                        out:
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo(
                        "4 bytes at R2+30 are accessed, that is up to byte 33 of the packet;"
                                + " comparisons showed 8 bytes to be there.");
        assertThat(explanation.suggestion())
                .contains(
                        "if (data + 34 > data_end) return SK_DROP;",
                        "bpf_msg_pull_data(msg, 0, 34, 0)");
        assertThat(explanation.path()).contains("0: (79) r2 = *(u64 *)(r1 +0): sets R2");
        assertThat(explanation.at()).containsExactly("6: (61) r0 = *(u32 *)(r2 +30)");
    }

    @Test
    void anSkSkbProgramIsToldOfItsOwnPull() {
        var explanation = verified("sk_skb", "r2 = *(u32 *)(r1 + 76)\nr0 = *(u8 *)(r2 + 0)\nexit");
        assertThat(explanation.suggestion())
                .contains("if (data + 1 > data_end)", "bpf_skb_pull_data(skb, 1)");
    }

    private static final String PULL =
            """
            r6 = *(u64 *)(r1 + 0)
            r7 = *(u64 *)(r1 + 8)
            r8 = r6
            r8 += 4
            if r8 > r7 goto out
            r2 = 0
            r3 = 4
            r4 = 0
            call HELPER
            r0 = *(u8 *)(r6 + 0)
            out:
            r0 = 1
            exit
            """;

    @Test
    void afterPullPushAndPopPointersIntoThePacketAreInvalid() {
        for (var helper : List.of("bpf_msg_pull_data", "bpf_msg_push_data", "bpf_msg_pop_data")) {
            var program = ProgramText.read("sk_msg", List.of(), PULL.replace("HELPER", helper));
            var explanation =
                    refused(
                            program,
                            Rule.NOT_A_POINTER,
                            "R6 invalid mem access 'scalar'",
                            6,
                            upTo(9));
            assertThat(explanation.reason())
                    .startsWith("R6 pointed into the packet, but " + helper + "()");
            assertThat(explanation.suggestion())
                    .isEqualTo(
                            "After %s() load data and data_end anew, and compare again."
                                    .formatted(helper));
            assertThat(explanation.path())
                    .hasSize(2)
                    .first()
                    .isEqualTo("0: (79) r6 = *(u64 *)(r1 +0): sets R6");
            assertThat(explanation.path().getLast())
                    .contains(helper)
                    .endsWith(": pointers into the packet are invalid after it");
        }
    }

    @Test
    void aLookupMayGiveNull() {
        var program =
                ProgramText.read(
                        "sk_msg",
                        List.of("counts hash(4, 8, 16)"),
                        Rule.NULL_POINTER.text().example().orElseThrow().refused());
        var explanation =
                refused(
                        program,
                        Rule.NULL_POINTER,
                        "R0 invalid mem access 'map_value_or_null'",
                        0,
                        0,
                        1,
                        2,
                        3,
                        5,
                        6);
        assertThat(explanation.reason())
                .startsWith("R0 is the result of bpf_map_lookup_elem(), which may be null");
        assertThat(explanation.suggestion()).contains("if (!pointer) return SK_PASS;");
        assertThat(explanation.path())
                .containsExactly("5: (85) call bpf_map_lookup_elem#1: sets R0, which may be null");
    }

    @Test
    void aSocketThatWasLookedUpMustBeReleased() {
        var program =
                ProgramText.read(
                        "sk_skb",
                        List.of(),
                        """
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
        var explanation =
                refused(
                        program,
                        Rule.UNRELEASED_REFERENCE,
                        "Unreleased reference id=2 alloc_insn=5",
                        -1,
                        upTo(8));
        assertThat(explanation.reason())
                .isEqualTo("What bpf_sk_lookup_tcp() gave is still held where the program ends.");
        assertThat(explanation.suggestion()).contains("bpf_sk_release(sk);");
        assertThat(explanation.path())
                .containsExactly(
                        "5: (85) call bpf_sk_lookup_tcp#84: takes it",
                        "6: (15) if r0 == 0x0 goto pc+1: not taken");
    }

    @Test
    void aLoopWithoutProgressIsShownByItsConditions() {
        var explanation =
                verified(
                        "sk_msg",
                        """
                        r2 = *(u32 *)(r1 + 68)
                        again:
                        r0 = 1
                        if r2 == 9 goto again
                        exit
                        """);
        assertThat(explanation.reason()).startsWith("The loop came back to where it was");
        assertThat(explanation.path()).contains("2: (15) if r2 == 0x9 goto pc-2: taken");
        assertThat(explanation.suggestion()).contains("bpf_for(i, 0, n)", "bpf_loop()");
    }

    @Test
    void aResultThatWasNeverSet() {
        var explanation = verified("sk_msg", "r2 = 1\nexit");
        assertThat(explanation.reason()).contains("R0 was not set on this path");
        assertThat(explanation.suggestion()).contains("return SK_PASS;");
    }

    @Test
    void aCallLeavesNothingInItsArguments() {
        var program =
                ProgramText.read(
                        "sk_msg", List.of(), "call bpf_ktime_get_ns\nr0 = *(u32 *)(r1 + 68)\nexit");
        var explanation = refused(program, Rule.UNINITIALISED_REGISTER, "R1 !read_ok", 1, upTo(1));
        assertThat(explanation.reason())
                .isEqualTo("R1 holds nothing: bpf_ktime_get_ns() leaves nothing in R1 to R5.");
    }

    @Test
    void aRecordsSizeMustBeAConstant() {
        var example = Rule.ARGUMENT_CONSTANT.text().example().orElseThrow();
        var program = ProgramText.read("sk_msg", example.maps(), example.refused());
        var explanation =
                refused(
                        program,
                        Rule.ARGUMENT_CONSTANT,
                        "R2 is not a known constant'",
                        2,
                        0,
                        1,
                        3,
                        4);
        assertThat(explanation.reason()).startsWith("R2 of bpf_ringbuf_reserve() must be");
        assertThat(explanation.suggestion()).contains("bpf_ringbuf_output()");
        assertThat(explanation.path()).containsExactly("0: (61) r2 = *(u32 *)(r1 +68): sets R2");
    }

    @Test
    void aHelperUnderTheGplNamesTheLicense() {
        var example = Rule.GPL_ONLY.text().example().orElseThrow();
        var program = ProgramText.read("sk_msg", "Proprietary", List.of(), example.refused());
        var explanation =
                refused(
                        program,
                        Rule.GPL_ONLY,
                        "cannot call GPL-restricted function from non-GPL compatible program",
                        -1,
                        upTo(4));
        assertThat(explanation.reason())
                .contains("bpf_trace_printk()", "the object's license is \"Proprietary\"");
        assertThat(explanation.suggestion()).contains("SEC(\"license\") = \"GPL\"");
    }

    @Test
    void mapsOfSocketsAreNotUpdatedFromVerdicts() {
        for (var type : List.of("sk_msg", "sk_skb")) {
            var program =
                    ProgramText.read(
                            type,
                            List.of(SOCKETS),
                            "r1 = map sockets\nr4 = 0\ncall bpf_map_update_elem\nr0 = 1\nexit");
            var explanation =
                    refused(
                            program,
                            Rule.SOCKET_MAP_UPDATE,
                            "cannot update sockmap in this context",
                            -1,
                            0,
                            2,
                            3);
            assertThat(explanation.reason())
                    .isEqualTo(
                            "Programs of type %s can't change maps of sockets with".formatted(type)
                                    + " bpf_map_update_elem().");
            assertThat(explanation.suggestion())
                    .contains("sockops", "bpf_sock_map_update()", "bpf_sock_hash_update()");
        }
    }

    @Test
    void aFieldThatCoreDidNotFindIsNamed() {
        var code = ProgramText.read("sk_msg", List.of(), "call 195896080\nr0 = 1\nexit");
        var debug =
                new Debug(
                        new TreeMap<>(),
                        List.of(),
                        Optional.empty(),
                        "GPL",
                        Map.of(0, "struct sock has no field sk_cookie"));
        var program = new Program("one", code.type(), code.code(), List.of(), debug);
        var explanation =
                refused(program, Rule.FAILED_RELOCATION, "invalid func unknown#195896080", -1, 0);
        assertThat(explanation.reason()).contains("struct sock has no field sk_cookie");
        assertThat(explanation.suggestion()).contains("bpf_core_field_exists");
    }

    @Test
    void thePathGoesThroughTheStackAndThroughFunctions() {
        var explanation =
                refused(
                        ProgramText.read(
                                "sk_msg",
                                List.of(),
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
                                """),
                        Rule.NOT_A_POINTER,
                        "R3 invalid mem access 'scalar'",
                        3,
                        0,
                        1,
                        6,
                        7,
                        2,
                        3,
                        4);
        assertThat(explanation.path())
                .containsExactly(
                        "0: (b7) r1 = 7: sets R1",
                        "6: (bf) r0 = r1: sets R0",
                        "2: (7b) *(u64 *)(r10 -8) = r0: stores it on the stack",
                        "3: (79) r3 = *(u64 *)(r10 -8): sets R3");
    }

    @Test
    void theFourPartsAreALineEachOrMore() {
        var explanation = verified("sk_msg", "r2 = *(u32 *)(r1 + 68)\nr0 = *(u8 *)(r2 + 0)\nexit");
        assertThat(explanation.toString().lines().map(line -> line.split(" ", -1)[0]))
                .containsSubsequence("Reason:", "At:", "Path:", "Suggestion:");
        assertThat(explanation.toString().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThan(120));
    }
}
