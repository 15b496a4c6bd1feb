package io.jsockmap.testkit.stage;

import io.jsockmap.bpf.program.Alarms;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Time that goes on only when it is told to; timers of programs go off on the way.
 *
 * {@snippet class="io.jsockmap.testkit.examples.StageExamples" region="time"}
 */
public final class VirtualTime implements Alarms {
    /** Programs that take 0 for "never" must not meet it. */
    private static final long START = Duration.ofSeconds(1).toNanos();

    private static final long EPOCH =
            ChronoUnit.NANOS.between(Instant.EPOCH, Instant.parse("2026-01-01T00:00:00Z"));

    private final Queue<Waiting> waiting =
            new PriorityQueue<>(
                    Comparator.comparingLong(Waiting::due).thenComparingLong(Waiting::order));

    private long now = START;
    private long orders;

    private record Waiting(long due, long order, Runnable task) {}

    /** Nanoseconds, as programs see them. */
    public synchronized long nanoTime() {
        return now;
    }

    /** Nanoseconds since 1970; it begins in 2026. */
    public synchronized long wallTime() {
        return EPOCH + now - START;
    }

    @Override
    public synchronized Alarm after(long nanos, Runnable task) {
        var alarm = new Waiting(now + nanos, orders++, task);
        waiting.add(alarm);
        return () -> cancel(alarm);
    }

    private synchronized void cancel(Waiting alarm) {
        waiting.remove(alarm);
    }

    /** Lets so much time go by; what is due in it happens, each at its time. */
    public void advance(Duration duration) {
        long end = nanoTime() + duration.toNanos();
        for (var next = nextUntil(end); next != null; next = nextUntil(end)) next.task().run();
        setNow(end);
    }

    private synchronized Waiting nextUntil(long end) {
        var next = waiting.peek();
        if (next == null || next.due() > end) return null;
        now = Math.max(now, next.due());
        return waiting.poll();
    }

    private synchronized void setNow(long end) {
        now = end;
    }
}
