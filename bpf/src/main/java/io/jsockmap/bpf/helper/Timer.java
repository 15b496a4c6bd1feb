package io.jsockmap.bpf.helper;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.Attachment;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.program.Alarms.Alarm;
import io.jsockmap.bpf.program.Callback;
import io.jsockmap.bpf.program.Environment;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A timer of a map's element. Its callback never runs twice at the same time. */
final class Timer implements Attachment {
    /** Nanoseconds from a callback to the next one that it asks for, at the least. */
    private static final long LEAST_PERIOD = 1_000_000;

    private static final Cleaner CLEANER = Cleaner.create();

    private final BpfMap map;
    private final ByteRegion value;
    private final byte[] key;
    private final Clock clock;

    private Callback callback;

    /** The one that is set, or null. */
    private final AtomicReference<Alarm> alarm = new AtomicReference<>();

    private Thread runner;

    /** Counts starts and cancellations, so that an alarm that comes too late finds it is old. */
    private long order;

    /** Whether it went off while its callback was still running. */
    private boolean missed;

    /** Whether its element has another value by now, or none. */
    private boolean detached;

    Timer(BpfMap map, ByteRegion value, byte[] key, Clock clock) {
        this.map = map;
        this.value = value;
        this.key = key;
        this.clock = clock;
        // Of a map that nobody can reach, no element is ever deleted.
        var set = alarm;
        CLEANER.register(this, () -> cancel(set));
    }

    /** What a timer counts by. */
    enum Clock {
        REALTIME(0),
        MONOTONIC(1),
        BOOTTIME(7);

        private final long number;

        Clock(long number) {
            this.number = number;
        }

        static Optional<Clock> of(long flags) {
            for (var clock : values()) {
                if (clock.number == flags) return Optional.of(clock);
            }
            return Optional.empty();
        }

        private long now(Environment environment) {
            var time = this == REALTIME ? environment.wallTime() : environment.nanoTime();
            return time.getAsLong();
        }
    }

    synchronized long setCallback(Callback callback) {
        if (detached) return Errno.EINVAL.negative();
        this.callback = callback;
        return 0;
    }

    /** Makes it go off once, later; a time that was set before is forgotten. */
    synchronized long start(Environment environment, long time, boolean absolute) {
        if (callback == null) return Errno.EINVAL.negative();
        disarm();
        long mine = order;
        // The alarm keeps no element alive that nobody else can reach.
        var timer = new WeakReference<>(this);
        long delay = delay(environment, time, absolute);
        alarm.set(environment.alarms().after(delay, () -> goOff(timer.get(), environment, mine)));
        return 0;
    }

    private long delay(Environment environment, long time, boolean absolute) {
        long wanted = untilThen(environment, time, absolute);
        return runner == Thread.currentThread() ? Math.max(LEAST_PERIOD, wanted) : wanted;
    }

    private long untilThen(Environment environment, long time, boolean absolute) {
        // The kernel's times have a sign; what is too far away never comes.
        if (time < 0) return absolute ? 0 : Long.MAX_VALUE;
        return absolute ? Math.max(0, time - clock.now(environment)) : time;
    }

    /**
     * Makes it not go off; 1 if it would have. Does not wait for a callback that runs on another
     * thread: it may still touch the value, whose bytes are not reused.
     */
    synchronized long cancel() {
        if (runner == Thread.currentThread()) return Errno.EDEADLK.negative();
        boolean armed = alarm.get() != null;
        disarm();
        callback = null;
        return armed ? 1 : 0;
    }

    @Override
    public synchronized void detached() {
        detached = true;
        disarm();
        callback = null;
    }

    private void disarm() {
        order++;
        missed = false;
        cancel(alarm);
    }

    private static void cancel(AtomicReference<Alarm> alarm) {
        var set = alarm.getAndSet(null);
        if (set != null) set.cancel();
    }

    private static void goOff(Timer timer, Environment environment, long order) {
        if (timer == null) return;
        try {
            for (var due = timer.begin(order); due != null; due = timer.end()) {
                timer.call(due, environment);
            }
        } finally {
            timer.leave();
        }
    }

    /** The callback to run now, or null. */
    private synchronized Callback begin(long mine) {
        if (mine != order || alarm.getAndSet(null) == null) return null;
        if (runner != null) {
            missed = true;
            return null;
        }
        runner = Thread.currentThread();
        return callback;
    }

    /** The callback to run once more, or null. */
    private synchronized Callback end() {
        if (missed) {
            missed = false;
            return callback;
        }
        runner = null;
        return null;
    }

    /** Ends it also if the callback, or the trace of its fault, threw. */
    private synchronized void leave() {
        if (runner != Thread.currentThread()) return;
        runner = null;
        missed = false;
    }

    private void call(Callback due, Environment environment) {
        try {
            var keyBytes = MemorySegment.ofArray(key);
            due.run(
                    new ObjectRegion("map " + map.name(), map),
                    ByteRegion.of("key of map " + map.name(), keyBytes).readOnly(),
                    value);
        } catch (BpfException | MemoryFault fault) {
            environment.trace().accept("a timer of map %s: %s".formatted(map, fault.getMessage()));
        }
    }
}
