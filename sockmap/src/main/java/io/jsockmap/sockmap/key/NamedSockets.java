package io.jsockmap.sockmap.key;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.util.Map;

/**
 * What keys are computed from.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="key"}
 *
 * @param slot the connection's number
 * @param sockets its sockets by name
 * @param inserted the name of the one whose attributes need no name
 */
public record NamedSockets(
        long slot, Map<String, ? extends SockmapSocket> sockets, String inserted) {

    /** No connection: for what is set before there is one. */
    public static final NamedSockets NONE = new NamedSockets(0, Map.of(), "");

    public NamedSockets {
        sockets = Map.copyOf(sockets);
    }

    /** The same for another socket of it. */
    public NamedSockets inserting(String name) {
        return new NamedSockets(slot, sockets, name);
    }

    /**
     * A socket of the connection.
     *
     * @throws BpfException ENOENT naming those there are
     */
    public SockmapSocket socket(String name) {
        var found = sockets.get(name);
        if (found != null) return found;
        if (name.isEmpty()) {
            throw new BpfException(
                    Errno.ENOENT,
                    "no socket is inserted here: "
                            + (sockets.isEmpty()
                                    ? "write a number, \"text\", {field=...} or hex:..."
                                    : "name one"));
        }
        throw new BpfException(
                Errno.ENOENT,
                "there is no socket %s (there are: %s)"
                        .formatted(
                                name,
                                sockets.isEmpty()
                                        ? "none"
                                        : String.join(
                                                ", ",
                                                sockets.keySet().stream().sorted().toList())));
    }
}
