package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A socket's entries in maps, and the programs that they bring. Any thread may call. */
final class Links {
    private final Sock socket;

    /** Guarded by itself; never held while anything else is called. */
    private final List<PsockLink> links = new ArrayList<>(1);

    /** How often entries with an sk_msg program, and with a parser or verdict, were taken away. */
    private volatile int msgRemovals;

    private volatile int verdictRemovals;
    private volatile boolean empty = true;
    private volatile boolean closed;
    private volatile Inherited programs = Inherited.NONE;

    /** The programs as long as there were any links, or null. */
    private volatile Inherited lastPrograms;

    Links(Sock socket) {
        this.socket = socket;
    }

    boolean isEmpty() {
        return empty;
    }

    Inherited programs() {
        return programs;
    }

    int msgRemovals() {
        return msgRemovals;
    }

    int verdictRemovals() {
        return verdictRemovals;
    }

    /** For people who wonder why nothing happens, or what did happen. */
    String describe() {
        var last = lastPrograms;
        if (last == null) return "in no map";
        if (empty) return "left its maps, had " + last.describe();
        return programs.isEmpty()
                ? "no program: none was attached when it was inserted"
                : programs.describe();
    }

    /** As {@link Sock#link}. */
    void add(PsockLink link) {
        synchronized (links) {
            checkState(link);
            checkConflicts(link);
            links.add(link);
            refresh();
        }
    }

    /** False if it is not there any more. */
    boolean remove(PsockLink link) {
        synchronized (links) {
            if (!links.remove(link)) return false;
            if (link.inherited().msg() != null) msgRemovals++;
            if (link.inherited().parser() != null || link.inherited().verdict() != null) {
                verdictRemovals++;
            }
            refresh();
            return true;
        }
    }

    /** As {@link Sock#checkExchange}. */
    void checkExchange(
            Collection<? extends PsockLink> leaving, Collection<? extends PsockLink> coming) {
        synchronized (links) {
            for (var link : coming) {
                checkFraming(link);
                for (var present : links) {
                    if (!leaving.contains(present)) checkConflict(link, present);
                }
            }
        }
    }

    /** As {@link Sock#exchange}. */
    boolean exchange(
            Collection<? extends PsockLink> leaving, Collection<? extends PsockLink> coming) {
        synchronized (links) {
            if (closed || !links.containsAll(leaving)) return false;
            links.removeAll(leaving);
            links.addAll(coming);
            refresh();
            return true;
        }
    }

    /** Takes no more links, and gives those there are. */
    List<PsockLink> close() {
        synchronized (links) {
            closed = true;
            return List.copyOf(links);
        }
    }

    void checkState(PsockLink link) {
        // Asked first: a socket that is closed meanwhile has another state only behind that.
        boolean isInState = link.isByProgram() || mayBeInserted();
        if (closed) {
            throw refused(Errno.EBADF, link, "is closed");
        }
        if (!isInState) {
            throw refused(Errno.EOPNOTSUPP, link, "can't be inserted: " + whyNot());
        }
        checkFraming(link);
    }

    private void checkFraming(PsockLink link) {
        if (link.inherited().isFramed() && socket.kind() != SocketKind.TCP) {
            throw refused(
                    Errno.EOPNOTSUPP,
                    link,
                    "is of kind %s and can't be framed: parsers are for TCP; attach the verdict alone"
                            .formatted(socket.kind()));
        }
    }

    private boolean mayBeInserted() {
        var state = socket.state();
        return switch (socket.kind()) {
            case TCP -> state == TcpState.ESTABLISHED || state == TcpState.LISTEN;
            case UDP, UNIX_DATAGRAM -> true;
            case UNIX_STREAM, VSOCK_STREAM, VSOCK_SEQPACKET -> state == TcpState.ESTABLISHED;
        };
    }

    /** What a person should know about the state, who otherwise learns an errno only. */
    private String whyNot() {
        return switch (socket.state()) {
            case SYN_SENT, SYN_RECV, NEW_SYN_RECV ->
                    "its connection is not there yet; insert it once it is established";
            case CLOSE_WAIT, LAST_ACK ->
                    "its peer has ended the stream; insert sockets while they are ESTABLISHED";
            case FIN_WAIT1, FIN_WAIT2, CLOSING, TIME_WAIT ->
                    "it has ended its stream; insert sockets while they are ESTABLISHED";
            case CLOSE, LISTEN, ESTABLISHED ->
                    socket.kind() == SocketKind.TCP
                            ? "its connection is closed; only ESTABLISHED and LISTEN sockets can"
                            : "a socket of kind %s must be connected".formatted(socket.kind());
        };
    }

    void checkConflicts(PsockLink link) {
        synchronized (links) {
            for (var present : links) checkConflict(link, present);
        }
    }

    private void checkConflict(PsockLink link, PsockLink present) {
        var brings = link.inherited();
        var has = present.inherited();
        String kind;
        if (brings.msg() != null && has.msg() != null) {
            kind = "an sk_msg program (%s)".formatted(has.msg().name());
        } else if (brings.parser() != null && has.parser() != null) {
            kind = "a parser (%s)".formatted(has.parser().name());
        } else if (brings.verdict() != null && has.verdict() != null) {
            kind = "a verdict (%s)".formatted(has.verdict().name());
        } else {
            return;
        }
        throw refused(
                Errno.EBUSY,
                link,
                "has %s from %s already; delete that entry first, or attach the programs to one map only"
                        .formatted(kind, present.place()));
    }

    private BpfException refused(Errno errno, PsockLink link, String problem) {
        return new BpfException(
                errno,
                "%s: socket %s, in state %s, %s"
                        .formatted(link.place(), socket, socket.state(), problem));
    }

    /** What runs: of each kind the oldest; framing only if one map brought parser and verdict. */
    private void refresh() {
        var all = Inherited.NONE;
        for (var link : links) {
            var brings = link.inherited();
            boolean first = all.verdict() == null && brings.verdict() != null;
            all =
                    new Inherited(
                            all.msg() != null ? all.msg() : brings.msg(),
                            first ? brings.parser() : all.parser(),
                            first ? brings.streamVerdict() : all.streamVerdict(),
                            first ? brings.skbVerdict() : all.skbVerdict());
        }
        programs = all;
        empty = links.isEmpty();
        if (!empty) lastPrograms = all;
    }
}
