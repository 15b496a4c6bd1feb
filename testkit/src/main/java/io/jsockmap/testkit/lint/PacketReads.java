package io.jsockmap.testkit.lint;

import static io.jsockmap.bpf.program.HelperNumbers.CORK_BYTES;
import static io.jsockmap.bpf.program.HelperNumbers.LOAD_BYTES;
import static io.jsockmap.bpf.program.HelperNumbers.MSG_PULL;
import static io.jsockmap.bpf.program.HelperNumbers.SKB_PULL;
import static io.jsockmap.bpf.program.HelperNumbers.TAIL_CALL;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.testkit.lint.flow.State;
import io.jsockmap.testkit.lint.flow.Value;

import java.util.OptionalInt;
import java.util.Set;

/**
 * Comparisons with data_end while nothing has been pulled, whose branch for too few bytes does not
 * pull either.
 */
final class PacketReads implements Check {
    /** Whoever calls one of these where bytes are missing has thought of it. */
    private static final Set<Integer> CURES =
            Set.of(MSG_PULL, SKB_PULL, LOAD_BYTES, CORK_BYTES, TAIL_CALL);

    @Override
    public void look(Subjects object, Findings findings) {
        for (var subject : object.all()) {
            if (!subject.isMessage() && !subject.isBuffer()) continue;
            subject.flow().walk((slot, i, before) -> look(subject, slot, i, before, findings));
        }
    }

    private static void look(
            Subject subject, int slot, Instruction i, State before, Findings findings) {
        var missing = whereBytesAreMissing(slot, i, before);
        if (missing.isEmpty() || !before.isAsDelivered()) return;
        boolean cured = subject.flow().paths().reach(missing.getAsInt(), s -> isCure(subject, s));
        if (!cured) report(subject, slot, findings);
    }

    private static boolean isCure(Subject subject, int slot) {
        var i = subject.program().slot(slot);
        return i.calls(Callee.HELPER) && CURES.contains((int) i.immediate());
    }

    private static void report(Subject subject, int slot, Findings findings) {
        if (subject.isMessage()) {
            findings.add(
                    Rule.ASSUMES_ONE_SEGMENT,
                    Severity.NOTE,
                    subject,
                    slot,
                    "Only the first piece of a message is compared with data_end here, and where it"
                            + " is too short the rest is neither pulled nor waited for.");
            return;
        }
        boolean stream =
                subject.isParser()
                        || subject.attach()
                                .filter(AttachType.SK_SKB_STREAM_VERDICT::equals)
                                .isPresent();
        findings.add(
                Rule.PACKET_WITHOUT_PULL,
                stream ? Severity.WARNING : Severity.NOTE,
                subject,
                slot,
                "Nothing was pulled before this comparison with data_end: of a TCP stream Linux"
                        + " shows no byte then, so it finds too few on every run.",
                subject.isParser()
                        ? "Copy with bpf_skb_load_bytes: a parser may not pull."
                        : Rule.PACKET_WITHOUT_PULL.fix());
    }

    /** Where a comparison of a pointer with the packet's end goes on if there are too few bytes. */
    private static OptionalInt whereBytesAreMissing(int slot, Instruction i, State before) {
        if (!(i.operation() instanceof Jump(JumpOp op, int _, Source source))
                || source != Source.REGISTER) {
            return OptionalInt.empty();
        }
        var dst = before.register(i.dst());
        var src = before.register(i.src());
        int taken = (int) i.jumpTarget(slot);
        if (dst instanceof Value.Packet && src instanceof Value.PacketEnd) {
            return missing(op, slot + 1, taken);
        }
        // The end on the left: the branches are the other way round.
        return dst instanceof Value.PacketEnd && src instanceof Value.Packet
                ? missing(op, taken, slot + 1)
                : OptionalInt.empty();
    }

    private static OptionalInt missing(JumpOp op, int below, int beyond) {
        return switch (op) {
            case JGT, JGE -> OptionalInt.of(beyond);
            case JLT, JLE -> OptionalInt.of(below);
            default -> OptionalInt.empty();
        };
    }
}
