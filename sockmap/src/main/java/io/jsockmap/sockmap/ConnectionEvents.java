package io.jsockmap.sockmap;

import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.socket.ForwardingListener;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.TcpState;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells the sock_ops programs of a scope, and of those around it, of connections; and the engine's
 * listener of everything.
 */
final class ConnectionEvents extends ForwardingListener {
    /** "Use the default". */
    private static final int NO_ANSWER = -1;

    /** Replaced as a whole, so that a call runs those of one moment. */
    private volatile List<Program> programs = List.of();

    private final Machine machine;
    private final Environment environment;
    private final SockListener listener;
    private final Optional<ConnectionEvents> around;

    ConnectionEvents(Machine machine, Environment environment, SockListener listener) {
        this(machine, environment, listener, Optional.empty());
    }

    private ConnectionEvents(
            Machine machine,
            Environment environment,
            SockListener listener,
            Optional<ConnectionEvents> around) {
        super(listener);
        this.machine = machine;
        this.environment = environment;
        this.listener = listener;
        this.around = around;
    }

    /** Events of a scope within this one. */
    ConnectionEvents inner() {
        return new ConnectionEvents(machine, environment, listener, Optional.of(this));
    }

    Attachment attach(Program program) {
        change(all -> all.add(program));
        return new Once(() -> change(all -> all.remove(program)));
    }

    /** Puts programs where the first of others was, all at once; at the end if none of them is. */
    void exchange(Collection<Program> old, List<Program> successors) {
        change(
                all -> {
                    int first = 0;
                    while (first < all.size() && !old.contains(all.get(first))) first++;
                    all.removeAll(old);
                    all.addAll(first, successors);
                });
    }

    private synchronized void change(Consumer<List<Program>> change) {
        List<Program> all = new ArrayList<>(programs);
        change.accept(all);
        programs = List.copyOf(all);
    }

    /** The programs of this scope alone, in the order in which they run. */
    List<Program> attached() {
        return programs;
    }

    /** Taking a program away twice must not take away the same program attached once more. */
    private static final class Once implements Attachment {
        private Runnable detach;

        Once(Runnable detach) {
            this.detach = detach;
        }

        @Override
        public synchronized void close() {
            detach.run();
            detach = () -> {};
        }
    }

    /**
     * Runs all programs: those of the innermost scope first, as the kernel does with cgroups.
     *
     * @return their answer, or -1 where one of them returned 0 or faulted
     */
    int call(SockOps event, Sock socket) {
        return runAll(event, socket) ? event.reply() : NO_ANSWER;
    }

    /** Whether no program is there to hear of anything. */
    boolean isDeaf() {
        return programs.isEmpty() && (around.isEmpty() || around.get().isDeaf());
    }

    private boolean runAll(SockOps event, Sock socket) {
        boolean all = true;
        for (var program : programs) all &= run(program, event, socket);
        // All run, whatever the inner ones answered.
        boolean outer = around.map(scope -> scope.runAll(event, socket)).orElse(true);
        return all && outer;
    }

    private boolean run(Program program, SockOps event, Sock socket) {
        @SuppressWarnings("unchecked")
        var layout = (ContextLayout<SockOps>) program.type().context();
        var context = new ContextRegion<>("context", layout, event);
        try {
            return (int) machine.run(program, environment, context).value() != 0;
        } catch (ProgramFault fault) {
            listener.faulted(socket, fault);
        } catch (RuntimeException | Error e) {
            // A mistake of ours must not keep a connection from coming or going.
            listener.failed(socket, e);
        }
        return false;
    }

    @Override
    public void stateChanged(Sock socket, TcpState from, TcpState to) {
        if ((socket.callbackFlags() & SockOps.STATE_FLAG) != 0) {
            call(SockOps.stateChange(socket, from, to), socket);
        }
        if (from == TcpState.SYN_SENT && to == TcpState.ESTABLISHED) {
            call(SockOps.of(socket, SockOps.ACTIVE_ESTABLISHED), socket);
        }
        listener.stateChanged(socket, from, to);
    }
}
