package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.socket.Inherited;

import java.util.Objects;
import java.util.Optional;

/** The programs that are attached to a map. */
final class ProgramSlots {
    private final SocketMap map;
    private volatile Inherited programs = Inherited.NONE;

    ProgramSlots(SocketMap map) {
        this.map = map;
    }

    Inherited all() {
        return programs;
    }

    synchronized void attach(Program program, AttachType type) {
        Objects.requireNonNull(program);
        checkType(program, type);
        checkVerdicts(type);
        set(type, program);
    }

    synchronized void detach(Program program, AttachType type) {
        checkType(program, type);
        checkVerdicts(type);
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
        programs = Inherited.NONE;
    }

    private void checkType(Program program, AttachType type) {
        var expected =
                switch (type) {
                    case SK_MSG_VERDICT -> "sk_msg";
                    case SK_SKB_STREAM_PARSER, SK_SKB_STREAM_VERDICT, SK_SKB_VERDICT -> "sk_skb";
                    case SOCK_OPS -> throw wrongKind(type);
                };
        if (program.type().name().equals(expected)) return;
        throw map.refused(
                Errno.EINVAL,
                "program %s can't be attached as %s, which takes %s programs"
                        .formatted(program, type, expected));
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
