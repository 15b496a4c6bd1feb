package io.jsockmap.dashboard.collect;

import io.jsockmap.dashboard.state.Rates;
import io.jsockmap.dashboard.state.Second;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Verdicts of the last two minutes, second by second. */
final class History {
    private static final int SECONDS = 120;

    private final Deque<Second> seconds = new ArrayDeque<>();
    private Tally.Total before = Tally.Total.NONE;
    private Rates rates = Rates.NONE;

    /**
     * Takes the totals at the end of another second.
     *
     * @param elapsed how long it really was
     */
    synchronized void add(Tally.Total total, double elapsed) {
        long pass = total.pass() - before.pass();
        long drop = total.drop() - before.drop();
        long redirect = total.redirect() - before.redirect();
        rates =
                new Rates(
                        pass / elapsed,
                        drop / elapsed,
                        redirect / elapsed,
                        (total.bytes() - before.bytes()) / elapsed);
        before = total;
        if (seconds.size() == SECONDS) seconds.removeFirst();
        // After a pause of the whole process a second is not all that was missed.
        double scale = Math.max(1, elapsed);
        seconds.addLast(
                new Second(
                        Math.round(pass / scale),
                        Math.round(drop / scale),
                        Math.round(redirect / scale)));
    }

    synchronized Second last() {
        return seconds.isEmpty() ? new Second(0, 0, 0) : seconds.getLast();
    }

    synchronized Rates rates() {
        return rates;
    }

    synchronized List<Second> seconds() {
        return List.copyOf(seconds);
    }
}
