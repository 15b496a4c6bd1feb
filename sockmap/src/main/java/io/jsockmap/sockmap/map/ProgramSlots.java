package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.socket.Inherited;

import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The programs that are attached to a map, and the links that hold them. */
final class ProgramSlots {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.sockmap");

    private final UserSocketMap map;
    private volatile Inherited programs = Inherited.NONE;

    /** Guarded by this, as are changes of the programs. */
    private final Map<AttachType, UserLink> links = new EnumMap<>(AttachType.class);

    /** Nobody but links keeps the programs attached. */
    private boolean detached;

    /** Nobody but links keeps the map. */
    private boolean abandoned;

    ProgramSlots(UserSocketMap map) {
        this.map = map;
    }

    Inherited all() {
        return programs;
    }

    // --- Without a link --------------------------------------------------------------------------

    synchronized void attach(Program program, AttachType type) {
        checkAttachable(program, type);
        set(type, program);
    }

    synchronized void detach(Program program, AttachType type) {
        checkType(program, type);
        checkVerdicts(type);
        checkNoLink(type);
        if (get(type) != program) {
            throw map.refused(
                    Errno.ENOENT, "program %s is not attached as %s".formatted(program, type));
        }
        set(type, null);
    }

    Optional<Program> attached(AttachType type) {
        if (type == AttachType.SOCK_OPS) throw wrongKind(type);
        checkVerdicts(type);
        return Optional.ofNullable(get(type));
    }

    synchronized void clear() {
        for (var type : AttachType.values()) {
            if (!links.containsKey(type)) set(type, null);
        }
    }

    synchronized void detachAll() {
        detached = true;
        if (links.isEmpty()) programs = Inherited.NONE;
    }

    // --- By a link -------------------------------------------------------------------------------

    synchronized UserLink link(Program program, AttachType type) {
        checkAttachable(program, type);
        var link = new UserLink(this, map, program, type);
        links.put(type, link);
        set(type, program);
        return link;
    }

    /** Whether the link holds its slot, and so is attached. */
    synchronized boolean holds(UserLink link) {
        return links.get(link.attachType()) == link;
    }

    synchronized boolean isLinked() {
        return !links.isEmpty();
    }

    /** As {@link UserLink#update}. */
    synchronized void update(UserLink link, Program program, Optional<Program> expected) {
        var type = link.attachType();
        var present = link.program();
        if (expected.isPresent() && expected.get() != present) {
            throw map.refused(
                    Errno.EPERM,
                    "the link as %s has program %s, not %s"
                            .formatted(type, present, expected.get()));
        }
        checkType(program, type);
        checkSuccessor(program, present, type);
        if (!holds(link)) {
            throw map.refused(
                    Errno.ENOLINK,
                    "the link of program %s as %s is detached: make a new one"
                            .formatted(present, type));
        }
        link.setProgram(program);
        set(type, program);
    }

    /** As {@link UserLink#detach}. */
    void unlink(UserLink link) {
        synchronized (this) {
            if (!links.remove(link.attachType(), link)) return;
            set(link.attachType(), null);
            if (detached) detachAll();
            if (!abandoned || !links.isEmpty()) return;
        }
        map.clear();
    }

    /** As {@link UserSocketMap#abandon}. */
    void abandon() {
        detachAll();
        synchronized (this) {
            abandoned = true;
            if (!links.isEmpty()) return;
        }
        map.clear();
    }

    // --- Rules -----------------------------------------------------------------------------------

    private void checkAttachable(Program program, AttachType type) {
        Objects.requireNonNull(program);
        checkType(program, type);
        checkVerdicts(type);
        checkNoLink(type);
        if (type == AttachType.SK_SKB_STREAM_PARSER) {
            PacketEdits.warning(map, program).ifPresent(text -> LOG.log(Level.WARNING, text));
        }
    }

    private void checkNoLink(AttachType type) {
        var link = links.get(type);
        if (link == null) return;
        throw map.refused(
                Errno.EBUSY,
                "a link holds %s with program %s: update or detach that link"
                        .formatted(type, link.program()));
    }

    private void checkType(Program program, AttachType type) {
        if (type == AttachType.SOCK_OPS) throw wrongKind(type);
        if (program.type().name().equals(type.programType())) return;
        throw map.refused(
                Errno.EINVAL,
                "program %s can't be attached as %s, which takes %s programs"
                        .formatted(program, type, type.programType()));
    }

    private void checkSuccessor(Program program, Program present, AttachType type) {
        var expected = Section.expectedAttachType(present);
        if (Section.expectedAttachType(program).equals(expected)) return;
        throw map.refused(
                Errno.EINVAL,
                "program %s of section %s can't follow %s of section %s in a link as %s: %s"
                        .formatted(
                                program,
                                program.debug().section(),
                                present,
                                present.debug().section(),
                                type,
                                "both must expect the same attach type"));
    }

    private RuntimeException wrongKind(AttachType type) {
        return map.refused(
                Errno.EINVAL, type + " programs are attached to the engine, not to a map");
    }

    private void checkVerdicts(AttachType type) {
        var other =
                switch (type) {
                    case SK_SKB_STREAM_VERDICT -> programs.skbVerdict();
                    case SK_SKB_VERDICT -> programs.streamVerdict();
                    default -> null;
                };
        if (other == null) return;
        throw map.refused(
                Errno.EBUSY,
                "%s is not possible while %s is attached as the other kind of verdict: detach it first"
                        .formatted(type, other));
    }

    // --- Slots -----------------------------------------------------------------------------------

    private Program get(AttachType type) {
        return switch (type) {
            case SK_MSG_VERDICT -> programs.msg();
            case SK_SKB_STREAM_PARSER -> programs.parser();
            case SK_SKB_STREAM_VERDICT -> programs.streamVerdict();
            case SK_SKB_VERDICT -> programs.skbVerdict();
            case SOCK_OPS -> null;
        };
    }

    private void set(AttachType type, Program program) {
        var p = programs;
        var changed =
                switch (type) {
                    case SK_MSG_VERDICT ->
                            new Inherited(program, p.parser(), p.streamVerdict(), p.skbVerdict());
                    case SK_SKB_STREAM_PARSER ->
                            new Inherited(p.msg(), program, p.streamVerdict(), p.skbVerdict());
                    case SK_SKB_STREAM_VERDICT ->
                            new Inherited(p.msg(), p.parser(), program, p.skbVerdict());
                    case SK_SKB_VERDICT ->
                            new Inherited(p.msg(), p.parser(), p.streamVerdict(), program);
                    case SOCK_OPS -> p;
                };
        programs = changed.equals(Inherited.NONE) ? Inherited.NONE : changed;
    }
}
