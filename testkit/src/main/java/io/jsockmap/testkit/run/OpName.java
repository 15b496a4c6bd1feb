package io.jsockmap.testkit.run;

import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.socket.Advice;
import io.jsockmap.sockmap.socket.TcpState;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The events of connections by name, as the engine tells sock_ops programs of them.
 *
 * {@snippet class="io.jsockmap.testkit.examples.RunExamples" region="event"}
 */
public enum OpName {
    TIMEOUT_INIT(Advice.TIMEOUT_INIT.op()),
    RWND_INIT(Advice.RWND_INIT.op()),
    CONNECT(SockOps.CONNECT),
    ACTIVE_ESTABLISHED(SockOps.ACTIVE_ESTABLISHED),
    PASSIVE_ESTABLISHED(SockOps.PASSIVE_ESTABLISHED),
    NEEDS_ECN(Advice.NEEDS_ECN.op()),
    STATE(SockOps.STATE_CHANGED),
    LISTEN(SockOps.LISTEN);

    private final int op;

    OpName(int op) {
        this.op = op;
    }

    /** All names, for people. */
    public static String all() {
        return Arrays.stream(values()).map(OpName::word).collect(Collectors.joining(", "));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads an event.
     *
     * @param text a name, or the number of BPF_SOCK_OPS_...
     * @param states {@code established:close-wait}, for {@link #STATE} only
     * @throws IllegalArgumentException for what is none
     */
    public static Input.Event parse(String text, String states) {
        int number = numberOf(text);
        if (number != STATE.op) return Input.Event.of(number);
        var parts = states.split(":", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "%s: expected two states, established:close-wait".formatted(states));
        }
        return Input.Event.stateChange(state(parts[0]), state(parts[1]));
    }

    private static int numberOf(String text) {
        for (var name : values()) {
            if (name.word().equalsIgnoreCase(text)) return name.op;
        }
        if (text.matches("\\d{1,4}")) return Integer.parseInt(text);
        throw new IllegalArgumentException(
                "%s is no event (%s, or a number)".formatted(text, all()));
    }

    private static TcpState state(String text) {
        var name = text.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(TcpState.values())
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "%s is no state of TCP (%s)"
                                                .formatted(
                                                        text,
                                                        Arrays.toString(TcpState.values())
                                                                .toLowerCase(Locale.ROOT)
                                                                .replace('_', '-'))));
    }
}
