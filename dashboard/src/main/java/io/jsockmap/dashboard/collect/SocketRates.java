package io.jsockmap.dashboard.collect;

import java.util.HashMap;
import java.util.Map;

/** How many bytes a second each socket moves, from one look at all of them to the next. */
final class SocketRates {
    private Map<Long, Long> before = new HashMap<>();
    private Map<Long, Long> now = new HashMap<>();
    private long last;
    private double seconds;

    /**
     * Another look begins.
     *
     * @param nanos when it is
     */
    void begin(long nanos) {
        seconds = (nanos - last) / 1e9;
        last = nanos;
        now = new HashMap<>();
    }

    /** The rate of a socket that has moved so many bytes in all; 0 if it was not there before. */
    double of(long cookie, long moved) {
        now.put(cookie, moved);
        var earlier = before.get(cookie);
        return earlier == null || seconds <= 0 ? 0 : Math.max(0, moved - earlier) / seconds;
    }

    /** All sockets were looked at. */
    void end() {
        before = now;
    }
}
