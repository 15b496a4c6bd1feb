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

/** What should not have happened: counted, and the last of it kept. */
final class Incidents {
    private static final int KEPT = 50;

    private final Deque<IncidentRow> last = new ArrayDeque<>();
    private long faults;
    private long losses;
    private long lostBytes;
    private long refusals;
    private long failures;

    synchronized void faulted(long time, Sock socket, ProgramFault fault) {
        faults++;
        keep(new IncidentRow(time, "fault", socket.toString(), fault.getMessage()));
    }

    synchronized void lost(long time, Sock socket, long bytes, String reason) {
        losses++;
        lostBytes += bytes;
        var text = "%d bytes lost: %s".formatted(bytes, reason);
        keep(new IncidentRow(time, "loss", socket.toString(), text));
    }

    synchronized void refused(long time, Sock socket, BpfException refusal) {
        refusals++;
        keep(new IncidentRow(time, "refusal", socket.toString(), refusal.getMessage()));
    }

    synchronized void failed(long time, Sock socket, Throwable cause) {
        failures++;
        keep(new IncidentRow(time, "failure", socket.toString(), cause.toString()));
    }

    private void keep(IncidentRow incident) {
        if (last.size() == KEPT) last.removeFirst();
        last.addLast(incident);
    }

    synchronized Counts counts(long pauses, long paused) {
        return new Counts(faults, losses, lostBytes, refusals, failures, pauses, paused);
    }

    synchronized List<IncidentRow> newestFirst() {
        return new ArrayList<>(last).reversed();
    }
}
