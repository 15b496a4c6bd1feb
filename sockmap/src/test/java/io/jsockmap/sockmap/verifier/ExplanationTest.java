package io.jsockmap.sockmap.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.verifier.rule.Rule;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Classic traps of contexts and memory, and what is said to those who step into them. */
class ExplanationTest {

    @Test
    void aNativeClangFor32BitsMakesPointersOf4Bytes() {
        var whole = Explained.of("sk_msg", "r2 = *(u32 *)(r1 + 0)\nr0 = 1\nexit");
        assertThat(whole.reason())
                .isEqualTo("data of struct sk_msg_md is a pointer of 8 bytes, and 4 are loaded.");
        assertThat(whole.suggestion()).contains("-target bpf", "native 32-bit clang");
        // Where data_end lies if data has 4 bytes.
        var end = Explained.of("sk_msg", "r2 = *(u32 *)(r1 + 4)\nr0 = 1\nexit");
        assertThat(end.suggestion()).contains("-target bpf");
        assertThat(Explained.of("sk_msg", "r2 = *(u32 *)(r1 + 8)\nr0 = 1\nexit").reason())
                .startsWith("data_end of struct sk_msg_md");
    }

    @Test
    @DisplayName("C35: two bytes of a field are read")
    void c35TheOptimiserReadsTwoBytesOfAField() {
        var explanation = Explained.of("sock_ops", "r2 = *(u16 *)(r1 + 66)\nr0 = 1\nexit");
        assertThat(explanation.reason())
                .isEqualTo(
                        "remote_port of struct bpf_sock_ops has 4 bytes and must be read whole;"
                                + " 2 are loaded.");
        assertThat(explanation.suggestion())
                .contains(
                        "the optimiser has narrowed the load",
                        "*(volatile __u32 *)&ctx->remote_port");
    }

    @Test
    void theOptimiserReadsTwoBytesOfAFieldOfAMessage() {
        assertThat(Explained.of("sk_msg", "r2 = *(u16 *)(r1 + 68)\nr0 = 1\nexit").reason())
                .isEqualTo(
                        "size of struct sk_msg_md has 4 bytes and must be read whole; 2 are"
                                + " loaded.");
    }

    @Test
    @DisplayName("C36: two fields are read at once")
    void c36TheOptimiserReadsTwoFieldsAtOnce() {
        var explanation = Explained.of("sock_ops", "r2 = *(u64 *)(r1 + 24)\nr0 = 1\nexit");
        assertThat(explanation.reason())
                .isEqualTo(
                        "8 bytes at offset 24 are two fields at once: remote_ip4 and local_ip4.");
        assertThat(explanation.suggestion()).contains("*(volatile __u32 *)&ctx->remote_ip4");
    }

    @Test
    void whatIsStoredHasNothingToDoWithAFieldThatCanNotBeWritten() {
        var explanation = Explained.of("sk_skb", "r2 = 1\n*(u32 *)(r1 + 0) = r2\nr0 = 1\nexit");
        assertThat(explanation.reason())
                .isEqualTo("len of struct __sk_buff can't be written by programs of type sk_skb.");
        assertThat(explanation.path()).isEmpty();
    }

    @Test
    void bytesThatWereNotComparedWithTheEndWantAComparisonOfThatMany() {
        var explanation =
                Explained.of(
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
                        "Bytes 30 to 33 of the packet are accessed; comparisons with data_end"
                                + " showed 8 bytes to be there.");
        assertThat(explanation.suggestion())
                .contains(
                        "if (data + 34 > data_end) return SK_DROP;",
                        "bpf_msg_pull_data(msg, 0, 34, 0)");
        assertThat(explanation.path())
                .containsExactly(
                        "0: (79) r2 = *(u64 *)(r1 +0): sets R2",
                        "5: (2d) if r4 > r3 goto pc+1: compares with data_end, not taken");
        assertThat(explanation.at()).containsExactly("6: (61) r0 = *(u32 *)(r2 +30)");
    }

    @Test
    void theComparisonIsFoundThroughTheStackAndAFunction() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        """
                        r6 = *(u64 *)(r1 + 0)
                        r2 = *(u64 *)(r1 + 8)
                        *(u64 *)(r10 - 8) = r6
                        r1 = *(u64 *)(r10 - 8)
                        call ends
                        if r0 != 0 goto out
                        r0 = *(u8 *)(r6 + 4)
                        out:
                        r0 = 1
                        exit
                        ends:
                        r1 += 4
                        r0 = 0
                        if r1 <= r2 goto there
                        r0 = 1
                        there:
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo(
                        "Byte 4 of the packet is accessed; comparisons with data_end showed 4"
                                + " bytes to be there.");
        assertThat(explanation.path())
                .contains("11: (bd) if r1 <= r2 goto pc+1: compares with data_end, taken");
    }

    @Test
    void aPointerThatWasNotComparedAtAllIsSaidToBe() {
        var explanation = Explained.example(Rule.PACKET_BOUNDS);
        assertThat(explanation.reason())
                .isEqualTo(
                        "Byte 0 of the packet is accessed; nothing was compared with data_end on"
                                + " this path.");
    }

    @Test
    void aPointerThatIsKnownToBeBeyondTheEnd() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        """
                        r2 = *(u64 *)(r1 + 0)
                        r3 = *(u64 *)(r1 + 8)
                        r2 += 4
                        r0 = 1
                        if r2 > r3 goto beyond
                        exit
                        beyond:
                        r0 = *(u8 *)(r2 + 0)
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo(
                        "On this path the comparison has shown that R2 is beyond the end of the"
                                + " packet.");
        assertThat(explanation.suggestion()).startsWith("Turn the comparison: ");
        assertThat(explanation.path())
                .contains("4: (2d) if r2 > r3 goto pc+1: compares with data_end, taken");
    }

    @Test
    void aComparisonOfAnotherVariablePartDoesNotCount() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        """
                        r2 = *(u64 *)(r1 + 0)
                        r3 = *(u64 *)(r1 + 8)
                        r4 = *(u32 *)(r1 + 68)
                        r4 &= 15
                        r0 = 1
                        r5 = r2
                        r5 += 8
                        if r5 > r3 goto out
                        r2 += r4
                        r0 = *(u32 *)(r2 + 0)
                        out:
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo(
                        "The packet is accessed through R2, which has a variable offset; since that"
                                + " was added nothing was compared with data_end on this path.");
        assertThat(explanation.suggestion())
                .isEqualTo(
                        "Compare after the variable part was added, with the pointer that is used"
                                + " here: if (p + 4 > data_end) return SK_DROP;");
    }

    @Test
    void whatIsMissingBehindAVariablePartIsCounted() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        """
                        r2 = *(u64 *)(r1 + 0)
                        r3 = *(u64 *)(r1 + 8)
                        r4 = *(u32 *)(r1 + 68)
                        r4 &= 15
                        r0 = 1
                        r2 += r4
                        r5 = r2
                        w1 = 2
                        r5 += r1
                        if r5 > r3 goto out
                        r0 = *(u32 *)(r2 + 1)
                        out:
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo(
                        "Through R2, which has a variable offset, 3 bytes more of the packet are"
                                + " accessed than comparisons with data_end showed to be there.");
        assertThat(explanation.suggestion()).endsWith("if (p + 5 > data_end) return SK_DROP;");
        assertThat(explanation.path())
                .contains("9: (2d) if r5 > r3 goto pc+1: compares with data_end, not taken");
    }

    @Test
    void anSkSkbProgramIsToldOfItsOwnPull() {
        var explanation =
                Explained.of("sk_skb", "r2 = *(u32 *)(r1 + 76)\nr0 = *(u8 *)(r2 + 0)\nexit");
        assertThat(explanation.suggestion())
                .contains("if (data + 1 > data_end)", "bpf_skb_pull_data(skb, 1)");
    }

    private static final String CHANGE =
            """
            r9 = r1
            r6 = *(u64 *)(r1 + 0)
            r7 = *(u64 *)(r1 + 8)
            r8 = r6
            r8 += 4
            if r8 > r7 goto out
            r2 = 0
            r3 = 4
            r4 = 0
            call HELPER
            %s
            r0 = *(u8 *)(r6 + 0)
            out:
            r0 = 1
            exit
            """;

    @ParameterizedTest
    @ValueSource(strings = {"bpf_msg_pull_data", "bpf_msg_push_data", "bpf_msg_pop_data"})
    void afterPullPushAndPopPointersIntoThePacketAreInvalid(String helper) {
        var explanation = Explained.of("sk_msg", CHANGE.formatted("").replace("HELPER", helper));
        assertThat(explanation.reason())
                .startsWith("R6 pointed into the packet, but " + helper + "()");
        assertThat(explanation.suggestion())
                .isEqualTo(
                        "After %s() load data and data_end anew, and compare again."
                                .formatted(helper));
        assertThat(explanation.path())
                .hasSize(2)
                .first()
                .isEqualTo("1: (79) r6 = *(u64 *)(r1 +0): sets R6");
        assertThat(explanation.path().getLast())
                .contains(helper)
                .endsWith(": pointers into the packet are invalid after it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpf_msg_pull_data", "bpf_msg_push_data", "bpf_msg_pop_data"})
    void dataThatIsLoadedAnewMustBeComparedAgain(String helper) {
        var explanation =
                Explained.of(
                        "sk_msg",
                        CHANGE.formatted("r6 = *(u64 *)(r9 + 0)").replace("HELPER", helper));
        assertThat(explanation.reason())
                .isEqualTo(
                        "Byte 0 of the packet is accessed, and nothing was compared with data_end"
                                + " after %1$s(): what was compared before it does not count."
                                        .formatted(helper));
        assertThat(explanation.suggestion())
                .isEqualTo(
                        "Compare again after %s(): if (data + 1 > data_end) return SK_DROP;"
                                .formatted(helper));
    }

    @ParameterizedTest
    @CsvSource({"bpf_skb_pull_data, 4, 0", "bpf_skb_adjust_room, 4, 0"})
    void theSameHoldsOfSkSkb(String helper, int second, int third) {
        var text =
                """
                r9 = r1
                r6 = *(u32 *)(r1 + 76)
                r7 = *(u32 *)(r1 + 80)
                r8 = r6
                r8 += 4
                if r8 > r7 goto out
                r2 = %d
                r3 = %d
                r4 = 0
                call %s
                r0 = *(u8 *)(r6 + 0)
                out:
                r0 = 1
                exit
                """
                        .formatted(second, third, helper);
        assertThat(Explained.of("sk_skb", text).reason())
                .startsWith("R6 pointed into the packet, but " + helper + "()");
    }

    @Test
    void aLookupMayGiveNull() {
        var explanation = Explained.example(Rule.NULL_POINTER);
        assertThat(explanation.reason())
                .startsWith("R0 is the result of bpf_map_lookup_elem(), which may be null");
        assertThat(explanation.suggestion()).contains("if (!pointer) return SK_PASS;");
        assertThat(explanation.path())
                .containsExactly("5: (85) call bpf_map_lookup_elem#1: sets R0, which may be null");
    }

    @Test
    void aValueIsAccessedBehindItsEnd() {
        var explanation = Explained.example(Rule.MAP_VALUE_BOUNDS);
        assertThat(explanation.reason())
                .isEqualTo("The value has 8 bytes, and bytes 4 to 11 of it are accessed.");
        assertThat(explanation.suggestion()).contains("at least 12 bytes");
    }

    @Test
    void anIndexIntoAValueIsBoundedTooFar() {
        var explanation =
                Explained.of(
                        "sk_msg",
                        List.of("bytes array(4, 64, 1)"),
                        """
                        r2 = *(u32 *)(r1 + 68)
                        r2 &= 127
                        r1 = value bytes+0
                        r1 += r2
                        r0 = *(u16 *)(r1 + 0)
                        exit
                        """);
        assertThat(explanation.reason())
                .isEqualTo(
                        "The value has 64 bytes, and with the largest offset that is possible here"
                                + " bytes 127 to 128 of it are accessed.");
        assertThat(explanation.suggestion())
                .isEqualTo("Bound the offset before the access, so that it is at most 62.");
    }

    @Test
    void theStackIsLeft() {
        assertThat(Explained.example(Rule.STACK_BOUNDS).reason())
                .isEqualTo(
                        "Bytes -520 to -513, counted from the end of the stack, are accessed; the"
                                + " stack has bytes -512 to -1.");
    }

    @Test
    void aLoopWithoutProgressIsShownByItsConditions() {
        var explanation =
                Explained.of(
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
        var explanation = Explained.of("sk_msg", "r2 = 1\nexit");
        assertThat(explanation.reason()).contains("R0 was not set on this path");
        assertThat(explanation.suggestion()).contains("return SK_PASS;");
    }

    @Test
    void theFourPartsAreALineEachOrMore() {
        var explanation =
                Explained.of("sk_msg", "r2 = *(u32 *)(r1 + 68)\nr0 = *(u8 *)(r2 + 0)\nexit");
        assertThat(explanation.toString().lines().map(line -> line.split(" ", -1)[0]))
                .containsSubsequence("Reason:", "At:", "Path:", "Suggestion:");
        assertThat(explanation.toString().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThan(120));
    }
}
