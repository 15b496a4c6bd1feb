package io.jsockmap.testkit.run;

import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.socket.SkMsg;
import io.jsockmap.sockmap.socket.TcpState;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a program is run on.
 *
 * {@snippet class="io.jsockmap.testkit.examples.RunExamples" region="run"}
 */
public sealed interface Input {

    /**
     * A message that the socket received, for SK_SKB.
     *
     * @param bytes all of it
     * @param linear how many of its bytes can be read directly; of TCP the kernel shows none
     */
    record Received(byte[] bytes, int linear) implements Input {
        public Received {
            if (linear < 0 || linear > bytes.length) {
                throw new IllegalArgumentException(
                        "%d bytes can't be linear of a message of %d"
                                .formatted(linear, bytes.length));
            }
        }
    }

    /**
     * A message that the socket sends, for SK_MSG.
     *
     * @param elements its bytes by elements, 1 to 17, none of them empty; programs see the first
     */
    record Sent(List<byte[]> elements) implements Input {
        private static final int MOST = SkMsg.MAX_SIZE / 32768;

        public Sent {
            elements = List.copyOf(elements);
            if (elements.isEmpty() || elements.size() > MOST) {
                throw new IllegalArgumentException(
                        "a message has 1 to %d elements, not %d".formatted(MOST, elements.size()));
            }
        }

        /** A message that is cut into elements behind so many bytes each; the rest is the last. */
        public static Sent cut(byte[] bytes, List<Integer> lengths) {
            List<byte[]> elements = new ArrayList<>();
            int at = 0;
            for (int length : lengths) {
                if (length <= 0 || at + length > bytes.length) {
                    throw new IllegalArgumentException(
                            "an element of %d bytes at byte %d of %d"
                                    .formatted(length, at, bytes.length));
                }
                elements.add(Arrays.copyOfRange(bytes, at, at + length));
                at += length;
            }
            if (at < bytes.length) elements.add(Arrays.copyOfRange(bytes, at, bytes.length));
            return new Sent(elements);
        }
    }

    /**
     * An event of the socket, for SOCK_OPS.
     *
     * @param op what happens, BPF_SOCK_OPS_...; the arguments of a change of state are added
     * @param state the state it is in, or was in before it changed
     * @param to the state that it changes to; the same for other events
     */
    record Event(int op, TcpState state, TcpState to) implements Input {
        /** An event of an established socket. */
        public static Event of(int op) {
            return new Event(op, TcpState.ESTABLISHED, TcpState.ESTABLISHED);
        }

        /** BPF_SOCK_OPS_STATE_CB. */
        public static Event stateChange(TcpState from, TcpState to) {
            return new Event(SockOps.STATE_CHANGED, from, to);
        }
    }
}
