package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.ProgramFault;

import java.util.Optional;

/**
 * Tells another listener all that it hears: for those that listen on the way.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.ListenerExamples" region="count"}
 */
public class ForwardingListener implements SockListener {
    private final SockListener to;

    protected ForwardingListener(SockListener to) {
        this.to = to;
    }

    @Override
    public Optional<WireListener> wire() {
        return to.wire();
    }

    @Override
    public void judged(Judgement judgement) {
        to.judged(judgement);
    }

    @Override
    public void faulted(Sock socket, ProgramFault fault) {
        to.faulted(socket, fault);
    }

    @Override
    public void lost(Sock socket, long bytes, String reason) {
        to.lost(socket, bytes, reason);
    }

    @Override
    public void refused(Sock socket, BpfException refusal) {
        to.refused(socket, refusal);
    }

    @Override
    public void stateChanged(Sock socket, TcpState from, TcpState state) {
        to.stateChanged(socket, from, state);
    }

    @Override
    public void paused(Sock socket, Optional<Sock> target) {
        to.paused(socket, target);
    }

    @Override
    public void resumed(Sock socket) {
        to.resumed(socket);
    }

    @Override
    public void failed(Sock socket, Throwable cause) {
        to.failed(socket, cause);
    }
}
