package io.jsockmap.sockmap.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpStateTest {
    @ParameterizedTest
    @DisplayName("O6: states have the numbers that programs know")
    @CsvSource({
        "ESTABLISHED, 1",
        "SYN_SENT, 2",
        "SYN_RECV, 3",
        "FIN_WAIT1, 4",
        "FIN_WAIT2, 5",
        "TIME_WAIT, 6",
        "CLOSE, 7",
        "CLOSE_WAIT, 8",
        "LAST_ACK, 9",
        "LISTEN, 10",
        "CLOSING, 11",
        "NEW_SYN_RECV, 12"
    })
    void numbers(TcpState state, int number) {
        assertThat(state.number()).isEqualTo(number);
        assertThat(TcpState.values()).hasSize(12);
    }
}
