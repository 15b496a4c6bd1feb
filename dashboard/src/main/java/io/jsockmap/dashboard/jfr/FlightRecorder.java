package io.jsockmap.dashboard.jfr;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.socket.ForwardingListener;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.TcpState;
import io.jsockmap.sockmap.socket.Verdict;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes events of the JDK's flight recorder of what happens to sockets, and tells the next
 * listener. As long as nobody records, an event costs the look at a field.
 *
 * {@snippet class="io.jsockmap.dashboard.examples.DashboardExamples" region="record"}
 */
public final class FlightRecorder extends ForwardingListener {
    /** The pauses that last, if they began while somebody recorded. */
    private final Map<Sock, PauseEvent> pauses = new ConcurrentHashMap<>();

    public FlightRecorder(SockListener next) {
        super(next);
    }

    @Override
    public void judged(Judgement judgement) {
        verdict(judgement);
        if (judgement.verdict() != Verdict.PASS) beside(judgement);
        super.judged(judgement);
    }

    private static void verdict(Judgement judgement) {
        var event = new VerdictEvent();
        if (!event.shouldCommit()) return;
        event.socket = judgement.socket().cookie();
        event.received = judgement.received();
        event.program = judgement.program().name();
        event.verdict = judgement.verdict().name();
        event.bytes = judgement.message().length();
        event.line = line(judgement);
        event.commit();
    }

    private static void beside(Judgement judgement) {
        if (judgement.redirect().isPresent()) redirect(judgement, judgement.redirect().get());
        else drop(judgement);
    }

    private static void redirect(Judgement judgement, Redirect to) {
        var event = new RedirectEvent();
        if (!event.shouldCommit()) return;
        event.socket = judgement.socket().cookie();
        event.target = to.target().cookie();
        event.ingress = to.ingress();
        event.program = judgement.program().name();
        event.bytes = judgement.message().length();
        event.commit();
    }

    private static void drop(Judgement judgement) {
        var event = new DropEvent();
        if (!event.shouldCommit()) return;
        event.socket = judgement.socket().cookie();
        event.received = judgement.received();
        event.program = judgement.program().name();
        event.bytes = judgement.message().length();
        event.line = line(judgement);
        event.commit();
    }

    private static String line(Judgement judgement) {
        return judgement.line().map(SourceLine::toString).orElse(null);
    }

    @Override
    public void faulted(Sock socket, ProgramFault fault) {
        var event = new FaultEvent();
        if (event.shouldCommit()) {
            event.socket = socket.cookie();
            event.fault = fault.getMessage();
            event.commit();
        }
        super.faulted(socket, fault);
    }

    @Override
    public void lost(Sock socket, long bytes, String reason) {
        var event = new LossEvent();
        if (event.shouldCommit()) {
            event.socket = socket.cookie();
            event.bytes = bytes;
            event.reason = reason;
            event.commit();
        }
        super.lost(socket, bytes, reason);
    }

    @Override
    public void refused(Sock socket, BpfException refusal) {
        var event = new RefusalEvent();
        if (event.shouldCommit()) {
            event.socket = socket.cookie();
            event.reason = refusal.getMessage();
            event.commit();
        }
        super.refused(socket, refusal);
    }

    @Override
    public void paused(Sock socket, Optional<Sock> target) {
        var event = new PauseEvent();
        if (event.isEnabled()) {
            event.socket = socket.cookie();
            event.target = target.map(Sock::cookie).orElse(socket.cookie());
            event.begin();
            pauses.put(socket, event);
        }
        super.paused(socket, target);
    }

    @Override
    public void resumed(Sock socket) {
        var event = pauses.remove(socket);
        if (event != null) event.commit();
        super.resumed(socket);
    }

    @Override
    public void stateChanged(Sock socket, TcpState from, TcpState to) {
        var event = new StateEvent();
        if (event.shouldCommit()) {
            event.socket = socket.cookie();
            event.addresses = socket.addresses().toString();
            event.from = from.name();
            event.to = to.name();
            event.commit();
        }
        super.stateChanged(socket, from, to);
    }
}
