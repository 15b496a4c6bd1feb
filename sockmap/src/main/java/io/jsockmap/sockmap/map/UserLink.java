package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.program.Program;

import java.util.Optional;

/**
 * A link of the engine in user space.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="link"}
 */
public final class UserLink implements ProgramLink {
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

    @Override
    public void update(Program successor) {
        slots.update(this, successor, Optional.empty());
    }

    @Override
    public void update(Program successor, Program expected) {
        slots.update(this, successor, Optional.of(expected));
    }

    @Override
    public void detach() {
        slots.unlink(this);
    }

    @Override
    public void close() {
        detach();
    }

    @Override
    public int mapId() {
        return slots.holds(this) ? map.id() : 0;
    }

    @Override
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
