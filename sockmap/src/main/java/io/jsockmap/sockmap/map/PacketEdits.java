package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.program.Program;

import java.util.Optional;
import java.util.Set;

/** Which programs call helpers that edit or move the packet. */
final class PacketEdits {
    /**
     * bpf_skb_store_bytes, bpf_skb_change_tail, bpf_skb_pull_data, bpf_skb_change_head,
     * bpf_skb_adjust_room.
     */
    private static final Set<Long> HELPERS = Set.of(9L, 38L, 39L, 43L, 50L);

    private PacketEdits() {}

    /** Whether any instruction calls one of them, be it ever executed or not. */
    static boolean mayEdit(Program program) {
        return program.code().instructions().stream().anyMatch(PacketEdits::edits);
    }

    /** What to say of a parser that does, for releases before 7.2 take it and later ones don't. */
    static Optional<String> warning(SocketMap map, Program parser) {
        if (!mayEdit(parser)) return Optional.empty();
        return Optional.of(
                "map %s: parser %s calls helpers that edit or move the packet, which Linux 7.2 refuses with EINVAL: read with bpf_skb_load_bytes"
                        .formatted(map, parser));
    }

    private static boolean edits(Instruction instruction) {
        return instruction.operation() instanceof Call(Callee callee)
                && callee == Callee.HELPER
                && HELPERS.contains(instruction.immediate());
    }
}
