package io.jsockmap.bpf.helper;

import io.jsockmap.bpf.program.Alarms;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Alarms of which a test says when they come; cancelled on any thread. */
final class ManualAlarms implements Alarms {
    private final List<Pending> pending = new CopyOnWriteArrayList<>();

    private static final class Pending {
        final long nanos;
        final Runnable task;

        Pending(long nanos, Runnable task) {
            this.nanos = nanos;
            this.task = task;
        }
    }

    @Override
    public Alarm after(long nanos, Runnable task) {
        var alarm = new Pending(nanos, task);
        pending.add(alarm);
        return () -> pending.remove(alarm);
    }

    /** How far away each was when it was set. */
    List<Long> delays() {
        return pending.stream().map(alarm -> alarm.nanos).toList();
    }

    /** The first one comes. */
    void comes() {
        take().run();
    }

    /** Takes the first one out, for a test that lets it come late. */
    Runnable take() {
        return pending.removeFirst().task;
    }
}
