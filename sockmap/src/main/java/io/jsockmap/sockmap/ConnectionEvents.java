package io.jsockmap.sockmap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.TcpState;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells sock_ops programs of connections, and the engine's listener of everything. */
final class ConnectionEvents implements SockListener {
    private final List<Program> programs = new CopyOnWriteArrayList<>();
    private final Machine machine;
    private final Environment environment;
    private final SockListener listener;

    ConnectionEvents(Machine machine, Environment environment, SockListener listener) {
        this.machine = machine;
        this.environment = environment;
        this.listener = listener;
    }

    Attachment attach(Program program) {
        programs.add(program);
        return () -> programs.remove(program);
    }

    void connected(Sock socket) {
        run(new SockOps(socket, SockOps.ACTIVE_ESTABLISHED), socket);
    }

    void accepted(Sock socket) {
        run(new SockOps(socket, SockOps.PASSIVE_ESTABLISHED), socket);
    }

    private void run(SockOps event, Sock socket) {
        for (var program : programs) {
            @SuppressWarnings("unchecked")
            var layout = (ContextLayout<SockOps>) program.type().context();
            try {
                machine.run(program, environment, new ContextRegion<>("context", layout, event));
            } catch (ProgramFault fault) {
                listener.faulted(socket, fault);
            }
        }
    }

    @Override
    public void stateChanged(Sock socket, TcpState from, TcpState to) {
        if ((socket.operationFlags() & SockOps.STATE_FLAG) != 0) {
            run(new SockOps(socket, SockOps.STATE_CHANGED, from.number(), to.number()), socket);
        }
        listener.stateChanged(socket, from, to);
    }

    @Override
    public void judged(Judgement judgement) {
        listener.judged(judgement);
    }

    @Override
    public void faulted(Sock socket, ProgramFault fault) {
        listener.faulted(socket, fault);
    }

    @Override
    public void refused(Sock socket, BpfException refusal) {
        listener.refused(socket, refusal);
    }

    @Override
    public void lost(Sock socket, long bytes, String reason) {
        listener.lost(socket, bytes, reason);
    }

    @Override
    public void failed(Sock socket, Throwable cause) {
        listener.failed(socket, cause);
    }
}
