package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.MapUse;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Structure;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;

import java.util.Optional;

/** What a pointer is once it is found not to be null. */
final class NullChecks {
    /** The name of {@code struct bpf_sock}, of which a map of sockets gives pointers. */
    private static final String SOCKET = "sock";

    /** The structure where no helper or context of a type of program shows it. */
    private static final Structure HIDDEN =
            Structure.socket(SOCKET, ContextLayout.of("struct bpf_sock", 80).build());

    private final InnerMapTemplates inner = new InnerMapTemplates();
    private final Structure socket;

    NullChecks(ProgramType type) {
        socket = socketOf(type).orElse(HIDDEN);
    }

    /** The structure as this type of program knows it from elsewhere. */
    private static Optional<Structure> socketOf(ProgramType type) {
        for (var field : type.context().fields()) {
            if (field.content() instanceof Content.Pointer shown && isSocket(shown.structure())) {
                return Optional.of(shown.structure());
            }
        }
        for (var helper : type.helpers().values()) {
            var given = helper.structure();
            if (given.isPresent() && isSocket(given.get())) return given;
        }
        return Optional.empty();
    }

    private static boolean isSocket(Structure structure) {
        return structure.name().equals(SOCKET);
    }

    /** The pointer that is not null. */
    Pointer notNull(Pointer pointer) {
        if (!pointer.is(PointerKind.MAP_VALUE)) return pointer.notNull(0);
        var map = pointer.map();
        return switch (MapUse.element(map.definition().kind().orElseThrow())) {
            case INNER_MAP -> inner(map, pointer.id());
            case SOCKET -> Pointer.to(socket).withReference(pointer.reference());
            default -> pointer.notNull(has(map, SpecialField.Kind.SPIN_LOCK) ? pointer.id() : 0);
        };
    }

    /** Each lookup of a map with timers gives another map, for all that is known. */
    private Pointer inner(BpfMap outer, int id) {
        var map = inner.of(outer);
        boolean timers = has(map, SpecialField.Kind.TIMER);
        return ofMap(PointerKind.MAP, map, timers ? id : 0);
    }

    /**
     * A pointer to a map, or to a value or key of it.
     *
     * @param mapId which of the maps in a map of maps, or 0
     */
    static Pointer ofMap(PointerKind kind, BpfMap map, int mapId) {
        return Pointer.to(kind, map, mapId, 0);
    }

    /** A pointer to a key that is there as long as the function runs which is called with it. */
    static Pointer keyFor(Frame function, BpfMap map, int mapId) {
        return Pointer.to(PointerKind.MAP_KEY, map, mapId, function.number());
    }

    static boolean has(BpfMap map, SpecialField.Kind kind) {
        for (var field : map.definition().special()) if (field.kind() == kind) return true;
        return false;
    }
}
