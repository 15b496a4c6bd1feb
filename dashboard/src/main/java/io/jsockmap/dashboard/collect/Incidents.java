package io.jsockmap.dashboard.collect;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.dashboard.state.Counts;
import io.jsockmap.dashboard.state.IncidentRow;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What should not have happened: counted, and the last of it kept. */
final class Incidents {
    private static final int KEPT = 50;

    private final Deque<IncidentRow> last = new ArrayDeque<>();
    private final LongAdder faults = new LongAdder();
    private final LongAdder losses = new LongAdder();
    private final LongAdder lostBytes = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void faulted(long time, Sock socket, ProgramFault fault) {
        faults.increment();
        keep(new IncidentRow(time, "fault", socket.toString(), fault.getMessage()));
    }

    void lost(long time, Sock socket, long bytes, String reason) {
        losses.increment();
        lostBytes.add(bytes);
        var text = "%d bytes lost: %s".formatted(bytes, reason);
        keep(new IncidentRow(time, "loss", socket.toString(), text));
    }

    void refused(long time, Sock socket, BpfException refusal) {
        refusals.increment();
        keep(new IncidentRow(time, "refusal", socket.toString(), refusal.getMessage()));
    }

    void failed(long time, Sock socket, Throwable cause) {
        failures.increment();
        keep(new IncidentRow(time, "failure", socket.toString(), cause.toString()));
    }

    /** The row is made before, so that no thread waits while another one writes text. */
    private synchronized void keep(IncidentRow incident) {
        if (last.size() == KEPT) last.removeFirst();
        last.addLast(incident);
    }

    Counts counts(long pauses, long paused) {
        return new Counts(
                faults.sum(),
                losses.sum(),
                lostBytes.sum(),
                refusals.sum(),
                failures.sum(),
                pauses,
                paused);
    }

    synchronized List<IncidentRow> newestFirst() {
        return new ArrayList<>(last).reversed();
    }
}
