package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.map.MapException;
import io.jsockmap.bpf.program.Program;

/**
 * A program that is attached to a map by a link (BPF_LINK_CREATE, Linux 6.10): nobody else can
 * attach to the slot or detach from it, and the program can be replaced without a moment in which
 * none is attached. As with any attachment, sockets that are in the map already keep the programs
 * that they inherited.
 *
 * <p>All methods may be called from any thread.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="deploy"}
 */
public interface ProgramLink extends AutoCloseable {

    /**
     * BPF_LINK_UPDATE: sockets inserted from now on inherit another program.
     *
     * @throws MapException EINVAL for a program of another type; ENOLINK if the link is detached
     */
    void update(Program successor);

    /**
     * BPF_LINK_UPDATE with BPF_F_REPLACE: as {@link #update(Program)}, if the link still has the
     * program that is expected.
     *
     * @throws MapException EPERM if it has another one; EINVAL and ENOLINK as above
     */
    void update(Program successor, Program expected);

    /** BPF_LINK_DETACH: empties the slot. Twice is harmless. */
    void detach();

    /** The map's id, or 0 once the link is detached. */
    int mapId();

    AttachType attachType();

    /** Detaches, and gives the link up. */
    @Override
    void close();
}
