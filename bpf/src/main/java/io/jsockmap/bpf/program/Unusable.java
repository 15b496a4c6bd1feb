package io.jsockmap.bpf.program;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;

/**
 * Why an instruction can't be executed, or a run not go on: the same words for all executions.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="fault"}
 */
public final class Unusable {
    private static final int FRAME = Code.FRAME_POINTER;

    public static final String NO_INSTRUCTION = "there is no instruction";
    public static final String FRAME_POINTER = "frame pointer is read only";
    public static final String NO_KFUNC = "this function of the kernel is not offered";
    public static final String LEGACY_LOAD = "LD_ABS and LD_IND are not for this type of program";
    public static final String TOO_DEEP = "more than %d calls deep".formatted(MachineLimits.FRAMES);
    public static final String HOLDS_LOCK = "ended while it held a spin lock";
    public static final String CALLS_LOCKED = "function calls are not allowed while holding a lock";

    private Unusable() {}

    /** Why the instruction at a slot can't be executed, or no instruction is there. */
    public static String why(Program program, int slot) {
        var i = program.slot(slot);
        if (i == null) return NO_INSTRUCTION;
        return switch (i.operation()) {
            case Call(var callee) when callee == Callee.HELPER ->
                    helper(program, slot, (int) i.immediate());
            case Call(var callee) when callee == Callee.KFUNC -> NO_KFUNC;
            case Call _ -> noInstruction(i.functionAt(slot));
            case LoadImmediate(var kind) -> noReference(program, slot, i, kind);
            case LegacyLoad _ -> LEGACY_LOAD;
            default -> i.dst() == FRAME || i.src() == FRAME ? FRAME_POINTER : "is not reached";
        };
    }

    private static String noReference(
            Program program, int slot, Instruction i, ImmediateKind kind) {
        int low = (int) i.immediate();
        return switch (kind) {
            case FUNCTION -> noInstruction(i.functionAt(slot));
            case VARIABLE -> "variables of the kernel are not offered";
            default ->
                    low >= 0 && low < program.maps().size()
                            ? "only an array has direct addresses"
                            : "there is no map " + low;
        };
    }

    /** Why a run ends that takes longer than it may. */
    public static String ranTooLong(long limit) {
        return "ran for more than %d instructions".formatted(limit);
    }

    /** Why there is nothing to go on with. */
    public static String noInstruction(long target) {
        return "a jump to %d, where no instruction begins".formatted(target);
    }

    /** Why a program may not call a helper. */
    public static String helper(Program program, int slot, int number) {
        var why = program.notRelocated(slot);
        if (number == Instruction.NOT_RELOCATED && why.isPresent()) return why.get();
        return helper(program, number);
    }

    /** Why a program may not call a helper whose number is in a register. */
    public static String helper(Program program, int number) {
        return "program of this type (%s) cannot use helper %s#%d"
                .formatted(program.type(), HelperNames.of(number), number);
    }
}
