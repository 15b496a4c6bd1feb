package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Helpers on a received buffer, "message" of seven bytes: a verdict of 1 passes, 0 drops. */
class HelpersTest extends NetworkTest {
    private final Connection connection = network.accepted();

    HelpersTest() {
        // The message comes in one piece, and is linear.
        super(Limits.DEFAULT, Delivery.WHOLE);
    }

    /** What is read after a verdict that ends with its answer in r0. */
    private String outcome(String verdict) {
        Verdicts.on(connection, verdict);
        return connection.reads();
    }

    @ParameterizedTest
    @DisplayName("K36: load_bytes gives 0 inside of the buffer, and EFAULT beyond")
    @CsvSource({"0, 7, 0", "6, 1, 0", "3, 2, 0", "7, 1, -14", "0, 8, -14", "-1, 1, -14"})
    void loadBytesResult(long offset, int length, int expected) {
        var text =
                """
                r2 = %d
                r3 = r10
                r3 += -8
                r4 = %d
                call 26
                r1 = r0
                r0 = 0
                if w1 != %d goto +1
                r0 = 1
                exit
                """
                        .formatted(offset, length, expected);

        assertThat(outcome(text)).isEqualTo("message");
    }

    @Test
    @DisplayName("K36: load_bytes that fails leaves zeros")
    void loadBytesZeroes() {
        var text =
                """
                *(u64 *)(r10 - 8) = -1
                r2 = 4
                r3 = r10
                r3 += -8
                r4 = 8
                call 26
                r1 = *(u64 *)(r10 - 8)
                r0 = 0
                if r1 != 0 goto +1
                r0 = 1
                exit
                """;

        assertThat(outcome(text)).isEqualTo("message");
    }

    @ParameterizedTest
    @DisplayName("K38: pull_data gives 0 up to the buffer's length, and ENOMEM beyond")
    @CsvSource({"0, 0", "7, 0", "8, -12"})
    void pullData(int length, int expected) {
        var text =
                """
                r2 = %d
                call 39
                r1 = r0
                r0 = 0
                if w1 != %d goto +1
                r0 = 1
                exit
                """
                        .formatted(length, expected);

        assertThat(outcome(text)).isEqualTo("message");
    }

    @Test
    @DisplayName("K43: a packet pointer from before a pull reaches nothing")
    void stalePointer() {
        var text =
                """
                r6 = *(u32 *)(r1 + 76)
                r2 = 7
                call 39
                r0 = *(u8 *)(r6 + 0)
                exit
                """;

        assertThat(outcome(text)).isEmpty();
        assertThat(network.faults()).hasSize(1);
        assertThat(network.faults().getFirst()).hasMessageContaining("packet");
    }

    @Test
    @DisplayName("K43: load_bytes leaves packet pointers valid")
    void loadBytesKeepsPointers() {
        var text =
                """
                r6 = *(u32 *)(r1 + 76)
                r2 = 0
                r3 = r10
                r3 += -8
                r4 = 1
                call 26
                r1 = *(u8 *)(r6 + 0)
                r0 = 0
                if r1 != 109 goto +1
                r0 = 1
                exit
                """;

        assertThat(outcome(text)).isEqualTo("message");
    }

    @ParameterizedTest
    @DisplayName("P21: 1 passes, every other value drops; R0 counts as an int")
    @CsvSource({
        "1, message",
        "0, ''",
        "2, ''",
        "-1, ''",
        "2147483647, ''",
        "0x100000001, message",
        "0x100000000, ''"
    })
    void verdictValues(String value, String expected) {
        assertThat(outcome("r0 = %s ll\nexit".formatted(value))).isEqualTo(expected);
    }

    @Test
    @DisplayName("H1, F33, C21: a helper of another type ends the run; it and the type are named")
    void foreignHelper() {
        assertThat(outcome("r2 = 1\ncall 61\nr0 = 1\nexit")).isEmpty();
        assertThat(network.faults().getFirst())
                .hasMessageContaining(
                        "program of this type (sk_skb) cannot use helper bpf_msg_apply_bytes#61");
    }

    @ParameterizedTest
    @DisplayName("K35: the socket of a buffer is the receiving one, of every kind")
    @EnumSource
    void cookie(SocketKind kind) {
        var receiving = network.connected(kind);
        var text =
                """
                call 46
                r1 = r0
                r0 = 0
                if r1 != %d goto +1
                r0 = 1
                exit
                """
                        .formatted(receiving.cookie());

        Verdicts.on(receiving, text);

        assertThat(receiving.reads()).isEqualTo("message");
    }
}
