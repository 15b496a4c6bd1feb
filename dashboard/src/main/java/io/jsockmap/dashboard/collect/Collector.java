package io.jsockmap.dashboard.collect;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.dashboard.state.Counts;
import io.jsockmap.dashboard.state.IncidentRow;
import io.jsockmap.dashboard.state.ProgramRow;
import io.jsockmap.dashboard.state.Rates;
import io.jsockmap.dashboard.state.Second;
import io.jsockmap.sockmap.socket.ForwardingListener;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts what happens to sockets, and tells the next listener. On the data path it adds to two
 * counters for each verdict; messages and edges are noted only while somebody looks.
 *
 * {@snippet class="io.jsockmap.dashboard.examples.DashboardExamples" region="serve"}
 */
public final class Collector extends ForwardingListener {
    private final InstantSource clock;
    private final LongSupplier nanos;

    private final Attention attention = new Attention();
    private final Tallies tallies = new Tallies();
    private final Edges edges = new Edges();
    private final LastMessages messages = new LastMessages();
    private final Incidents incidents = new Incidents();
    private final Pauses pauses = new Pauses();
    private final History history = new History();
    private long lastTick;

    /**
     * @param next hears everything afterwards
     * @param clock tells when a message was judged
     * @param nanos a clock that never jumps, for rates: {@code System::nanoTime}
     */
    public Collector(SockListener next, InstantSource clock, LongSupplier nanos) {
        super(next);
        this.clock = clock;
        this.nanos = nanos;
        lastTick = nanos.getAsLong();
    }

    // --- What happens ----------------------------------------------------------------------------

    @Override
    public void judged(Judgement judgement) {
        int bytes = judgement.message().length();
        tallies.of(judgement.program().name())
                .count(judgement.received(), judgement.verdict(), bytes);
        if (attention.isPaid()) look(judgement, bytes);
        super.judged(judgement);
    }

    private void look(Judgement judgement, int bytes) {
        judgement.redirect().ifPresent(to -> edges.count(judgement.socket(), to, bytes));
        if (messages.isWanted()) messages.add(JudgedMessage.of(judgement, clock.millis()));
    }

    @Override
    public void faulted(Sock socket, ProgramFault fault) {
        incidents.faulted(clock.millis(), socket, fault);
        super.faulted(socket, fault);
    }

    @Override
    public void lost(Sock socket, long bytes, String reason) {
        incidents.lost(clock.millis(), socket, bytes, reason);
        super.lost(socket, bytes, reason);
    }

    @Override
    public void refused(Sock socket, BpfException refusal) {
        incidents.refused(clock.millis(), socket, refusal);
        super.refused(socket, refusal);
    }

    @Override
    public void failed(Sock socket, Throwable cause) {
        incidents.failed(clock.millis(), socket, cause);
        super.failed(socket, cause);
    }

    @Override
    public void paused(Sock socket, Optional<Sock> target) {
        pauses.begin(socket);
        super.paused(socket, target);
    }

    @Override
    public void resumed(Sock socket) {
        pauses.end(socket);
        super.resumed(socket);
    }

    // --- Time ------------------------------------------------------------------------------------

    /** Somebody looks: for the next seconds messages and edges are noted as well. */
    public void lookedAt() {
        attention.pay(nanos.getAsLong());
    }

    /** To be called about once a second, by one thread. */
    public synchronized void tick() {
        long now = nanos.getAsLong();
        double seconds = Math.max(1e-3, (now - lastTick) / 1e9);
        lastTick = now;
        history.add(tallies.total(), seconds);
        messages.tick(history.last().all());
        attention.tick(now);
        if (attention.isPaid()) edges.tick(seconds);
        else edges.clear();
    }

    // --- What is known ---------------------------------------------------------------------------

    /** Verdicts in the last second. */
    public Rates rates() {
        return history.rates();
    }

    /** Verdicts of the last 120 seconds, the oldest first. */
    public List<Second> history() {
        return history.seconds();
    }

    /** Verdicts since the start, by program. */
    public List<ProgramRow> programs() {
        return tallies.rows();
    }

    /** What happened since the start. */
    public Counts counts() {
        return incidents.counts(pauses.count(), pauses.now());
    }

    /** Who redirects to whom, since somebody looks; the busiest first. */
    public List<Edge> edges() {
        return edges.busiest();
    }

    /** The last messages, the newest first. */
    public List<JudgedMessage> messages() {
        return messages.newestFirst();
    }

    /** One of so many messages is among {@link #messages}. */
    public long sampledOneIn() {
        return messages.oneIn();
    }

    /** The last faults, losses, refusals and failures, the newest first. */
    public List<IncidentRow> incidents() {
        return incidents.newestFirst();
    }
}
