package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;

/**
 * Finds the messages in a stream by asking a parser program (the kernel's documentation of
 * "strparser"). A message is seen from its own first byte, whatever came before it.
 */
final class StreamParser {
    private final Sock socket;
    private final Judge judge;
    private final Delivery delivery;
    private final int longest;

    /** Length of the message that is being gathered, or 0 as long as the parser does not know. */
    private int length;

    /** Bytes of it that the parser has seen already without knowing. */
    private int seen;

    /** What is wrong with the stream: an errno, or 0. */
    private int error;

    /**
     * @param longest the longest message, in bytes
     */
    StreamParser(Sock socket, Judge judge, Delivery delivery, int longest) {
        this.socket = socket;
        this.judge = judge;
        this.delivery = delivery;
        this.longest = longest;
    }

    /** The next complete message, or null if there is none yet or {@link #error()} says why not. */
    Chunk next(Program parser, Arrivals arrivals) {
        while (length == 0 && error == 0 && arrivals.bytes() > seen) parse(parser, arrivals);
        if (length == 0 || arrivals.bytes() < length) return null;
        var message = arrivals.takeAll(length);
        length = 0;
        seen = 0;
        return message;
    }

    private void parse(Program parser, Arrivals arrivals) {
        // What came behind may stay where it is: as if it had not come yet.
        var all = arrivals.longerThan(seen);
        // Cut where the delivery has it, as if the bytes behind had not come yet.
        if (all.length() - seen > delivery.longestPiece()) {
            all = all.first(seen + delivery.longestPiece());
        }
        int answer = judge.parse(parser, new SkBuff(socket, all, delivery));
        if (answer < 0) {
            error = answer == Integer.MIN_VALUE ? Integer.MAX_VALUE : -answer;
        } else if (answer == 0) {
            // Nothing more will fit, so the parser would wait for ever.
            if (all.length() >= longest) error = Errno.EMSGSIZE.number();
            else seen = all.length();
        } else if (answer > longest) {
            error = Errno.EMSGSIZE.number();
        } else if (answer <= seen) {
            error = Errno.EPROTO.number();
        } else {
            length = answer;
        }
    }

    /** A message took too long to come: all of it that is there counts as seen. */
    void timedOut(Arrivals arrivals) {
        error = Errno.ETIMEDOUT.number();
        seen = (int) arrivals.bytes();
    }

    /** The errno that ended framing, or 0. */
    int error() {
        return error;
    }

    /** Bytes that earlier runs have seen of a message that was never completed. */
    int seen() {
        return seen;
    }

    /** Begins anew at the oldest byte. */
    void reset() {
        length = 0;
        seen = 0;
        error = 0;
    }
}
