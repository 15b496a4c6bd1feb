package io.jsockmap.sockmap.map;

import static io.jsockmap.bpf.program.HelperNumbers.ADJUST_ROOM;
import static io.jsockmap.bpf.program.HelperNumbers.CHANGE_HEAD;
import static io.jsockmap.bpf.program.HelperNumbers.CHANGE_TAIL;
import static io.jsockmap.bpf.program.HelperNumbers.SKB_PULL;
import static io.jsockmap.bpf.program.HelperNumbers.STORE_BYTES;

import io.jsockmap.bpf.program.Program;

import java.util.Optional;
import java.util.Set;

/** Which programs call helpers that edit or move the packet. */
final class PacketEdits {
    private static final Set<Integer> HELPERS =
            Set.of(STORE_BYTES, SKB_PULL, CHANGE_TAIL, CHANGE_HEAD, ADJUST_ROOM);

    private PacketEdits() {}

    /** Whether any instruction calls one of them, be it ever executed or not. */
    static boolean mayEdit(Program program) {
        return program.callsAny(HELPERS);
    }

    /** What to say of a parser that does, for releases before 7.2 take it and later ones don't. */
    static Optional<String> warning(UserSocketMap map, Program parser) {
        if (!mayEdit(parser)) return Optional.empty();
        return Optional.of(
                "map %s: parser %s calls helpers that edit or move the packet, which Linux 7.2 refuses with EINVAL: read with bpf_skb_load_bytes"
                        .formatted(map, parser));
    }
}
