package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.program.Program;

import java.util.Optional;
import java.util.Set;

/** Which programs call helpers that edit or move the packet. */
final class PacketEdits {
    /**
     * bpf_skb_store_bytes, bpf_skb_change_tail, bpf_skb_pull_data, bpf_skb_change_head,
     * bpf_skb_adjust_room.
     */
    private static final Set<Integer> HELPERS = Set.of(9, 38, 39, 43, 50);

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
