package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.map.MapException;
import io.jsockmap.bpf.program.Program;

import java.util.Optional;

/**
 * A program that is attached to a map by a link (BPF_LINK_CREATE, Linux 6.10): nobody else can
 * attach to the slot or detach from it, and the program can be replaced without a moment in which
 * none is attached. As with any attachment, sockets that are in the map already keep the programs
 * that they inherited.
 *
 * <p>All methods may be called from any thread.
 */
public final class UserLink implements AutoCloseable {
    private final ProgramSlots slots;
    private final UserSocketMap map;
    private final AttachType attachType;
    private volatile Program program;

    UserLink(ProgramSlots slots, UserSocketMap map, Program program, AttachType attachType) {
        this.slots = slots;
        this.map = map;
        this.program = program;
        this.attachType = attachType;
    }

    /**
     * BPF_LINK_UPDATE: sockets inserted from now on inherit another program.
     *
     * @throws MapException EINVAL for a program of another type; ENOLINK if the link is detached
     */
    public void update(Program successor) {
        slots.update(this, successor, Optional.empty());
    }

    /**
     * BPF_LINK_UPDATE with BPF_F_REPLACE: as {@link #update(Program)}, if the link still has the
     * program that is expected.
     *
     * @throws MapException EPERM if it has another one; EINVAL and ENOLINK as above
     */
    public void update(Program successor, Program expected) {
        slots.update(this, successor, Optional.of(expected));
    }

    /** BPF_LINK_DETACH: empties the slot. Twice is harmless. */
    public void detach() {
        slots.unlink(this);
    }

    /** As {@link #detach}. */
    @Override
    public void close() {
        detach();
    }

    /** The map's id, or 0 once the link is detached. */
    public int mapId() {
        return slots.holds(this) ? map.id() : 0;
    }

    public AttachType attachType() {
        return attachType;
    }

    /** The program, which it keeps when it is detached. */
    public Program program() {
        return program;
    }

    void setProgram(Program successor) {
        program = successor;
    }

    @Override
    public String toString() {
        return "link of %s to %s as %s".formatted(program, map, attachType);
    }
}
