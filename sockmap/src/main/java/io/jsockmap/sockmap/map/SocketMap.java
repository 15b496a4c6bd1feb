package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapException;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.util.List;
import java.util.Optional;

/**
 * A map of sockets, with the programs that sockets inherit when they are inserted: a {@link BpfMap}
 * of an engine. The errors are those of bpf(2), and the same for each engine.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="join"}
 */
public interface SocketMap {

    /**
     * BPF_PROG_ATTACH: sockets inserted from now on inherit the program; a program that was in the
     * slot is replaced.
     *
     * @throws MapException EINVAL if the program's type does not fit the attach type; EBUSY for a
     *     stream verdict beside an skb verdict, and for a slot that a link holds
     */
    void attach(Program program, AttachType type);

    /**
     * BPF_PROG_DETACH: sockets inserted from now on do not inherit the program; those that have it
     * keep it.
     *
     * @throws MapException ENOENT if another program, or none, is attached; EINVAL and EBUSY as for
     *     attach
     */
    void detach(Program program, AttachType type);

    /**
     * BPF_PROG_QUERY: the program that is attached.
     *
     * @throws MapException EINVAL for sock_ops; EBUSY if asked for one kind of verdict while the
     *     other is attached
     */
    Optional<Program> attached(AttachType type);

    /**
     * BPF_LINK_CREATE: attaches a program, also in place of one that was attached without a link,
     * and lets nobody else change the slot while the link holds it.
     *
     * @throws MapException EINVAL if the program's type does not fit the attach type; EBUSY if
     *     another link holds the slot, or for a stream verdict beside an skb verdict
     */
    ProgramLink link(Program program, AttachType type);

    /**
     * Inserts a socket, which inherits the programs that are attached. A failed update changes
     * nothing.
     *
     * @throws io.jsockmap.bpf.BpfException EPERM for a BPF_F_RDONLY or frozen map; EBADF for a
     *     closed socket; EOPNOTSUPP for one that is not established; EBUSY if it has a program of a
     *     kind that this map brings; EEXIST or ENOENT by the flag; E2BIG without room, or for an
     *     index beyond the end; ENOTSOCK for a socket of another engine
     */
    void update(byte[] key, SockmapSocket socket, UpdateFlag flag);

    /**
     * Takes a socket out.
     *
     * @throws MapException ENOENT, or EINVAL for an index, if there is none; EPERM as for update
     */
    void delete(byte[] key);

    /**
     * The cookie of a key's socket, in 8 bytes, or empty if there is none.
     *
     * @throws MapException ENOSPC for a map whose values have 4 bytes, EPERM for a BPF_F_WRONLY map
     */
    Optional<byte[]> lookup(byte[] key);

    /** The key behind another in the map's own order; the first if that one is not there. */
    Optional<byte[]> nextKey(byte[] key);

    /** The first key in the map's own order. */
    Optional<byte[]> firstKey();

    /** The keys at about this moment; of a {@link SockMap}, all indices. */
    List<byte[]> keys();

    /**
     * BPF_MAP_FREEZE: from now on only programs write.
     *
     * @throws MapException EPERM if it is frozen already
     */
    void freeze();

    /** A number that no other map of the engine has. */
    int id();

    String name();

    MapDefinition definition();

    /** How many elements there is room for. */
    long maxEntries();
}
