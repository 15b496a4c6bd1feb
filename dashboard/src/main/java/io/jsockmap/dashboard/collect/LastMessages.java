package io.jsockmap.dashboard.collect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The last messages. Where there are many it takes some of them only, at random, so that what is
 * shown is not always the beginning of a second.
 */
final class LastMessages {
    static final int KEPT = 50;

    /** As many are taken in a second at the most; about {@link #KEPT} where the rate is steady. */
    static final int MOST_IN_A_SECOND = 200;

    private final Deque<JudgedMessage> last = new ArrayDeque<>();
    private final AtomicInteger room = new AtomicInteger(MOST_IN_A_SECOND);
    private volatile int oneIn = 1;

    /** Whether the next message shall be kept; on any thread, and soon answered. */
    boolean isWanted() {
        int chance = oneIn;
        if (chance > 1 && ThreadLocalRandom.current().nextInt(chance) != 0) return false;
        return room.get() > 0 && room.getAndDecrement() > 0;
    }

    synchronized void add(JudgedMessage message) {
        if (last.size() == KEPT) last.removeFirst();
        last.addLast(message);
    }

    /**
     * Another second begins.
     *
     * @param rate how many messages there were in the last
     */
    void tick(long rate) {
        oneIn = Math.clamp(rate / KEPT, 1, Integer.MAX_VALUE);
        room.set(MOST_IN_A_SECOND);
    }

    long oneIn() {
        return oneIn;
    }

    synchronized List<JudgedMessage> newestFirst() {
        return new ArrayList<>(last).reversed();
    }
}
