package io.jsockmap.provider;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a thread is at in the engine, and whose bytes it writes when it is done there.
 *
 * <p>Sockets signal while they are at work, and must not be called back before that is over. A
 * thread that is in a round keeps such signals and does what they ask for at its end, without a
 * hand-over to another thread.
 */
final class Round {
    private static final ThreadLocal<Round> CURRENT = ThreadLocal.withInitial(Round::new);

    private final Queue<Conduit> due = new ArrayDeque<>(4);
    private int depth;

    private Round() {}

    /** Begins a round, or one within another; {@link #end} is to follow. */
    static Round begin() {
        var round = CURRENT.get();
        round.depth++;
        return round;
    }

    /** Has the caller's round transmit for a conduit at its end; false if it is in none. */
    static boolean takes(Conduit conduit) {
        var round = CURRENT.get();
        if (round.depth == 0) return false;
        round.due.add(conduit);
        return true;
    }

    /** Ends a round: the outermost does what was asked for. */
    void end() {
        if (depth == 1) {
            for (var next = due.poll(); next != null; next = due.poll()) next.transmit();
        }
        depth--;
    }
}
