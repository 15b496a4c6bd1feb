package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.map.Section;

import java.util.List;
import java.util.Optional;

/** The types of programs that run on sockets. */
public final class SocketPrograms {
    /** BPF_PROG_TYPE_SK_MSG. */
    public static final ProgramType SK_MSG = SkMsgType.TYPE;

    /** BPF_PROG_TYPE_SK_SKB. */
    public static final ProgramType SK_SKB = SkSkbType.TYPE;

    /** BPF_PROG_TYPE_SOCK_OPS. */
    public static final ProgramType SOCK_OPS = SockOpsType.TYPE;

    private static final List<ProgramType> TYPES = List.of(SK_MSG, SK_SKB, SOCK_OPS);

    private SocketPrograms() {}

    /** Whether a program goes to the engine and not to a map. */
    public static boolean isSockOps(Program program) {
        return program.type().equals(SOCK_OPS);
    }

    /** The type of the programs in a section; empty if its name is not one of ours. */
    public static Optional<ProgramType> ofSection(String name) {
        return Section.of(name)
                .flatMap(
                        section ->
                                TYPES.stream()
                                        .filter(t -> t.name().equals(section.programType()))
                                        .findFirst());
    }
}
