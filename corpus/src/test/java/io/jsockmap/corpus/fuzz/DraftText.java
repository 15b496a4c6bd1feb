package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.ProgramType;

/** Programs in the language of the corpus. */
final class DraftText {
    private static final Disassembler PRINTER = new Disassembler(Disassembler.Style.LLVM);

    private DraftText() {}

    static String of(Draft draft) {
        var text = new StringBuilder();
        for (var line : draft.lines()) {
            switch (line) {
                case Line.Label(var name) -> text.append(name).append(":\n");
                case Line.Op op -> text.append(of(op, draft.type())).append('\n');
            }
        }
        return text.toString();
    }

    private static String of(Line.Op op, ProgramType type) {
        var i = op.instruction();
        return switch (i.operation()) {
            case LoadImmediate(var kind) -> immediate(op, kind);
            case Call(var callee) -> call(op, callee, type);
            default -> op.hasTarget() ? jump(i, op.target()) : PRINTER.print(i);
        };
    }

    private static String jump(Instruction i, String label) {
        return PRINTER.print(i).replaceFirst("(goto|gotol) [+-]0x[0-9a-f]+$", "$1 " + label);
    }

    private static String immediate(Line.Op op, ImmediateKind kind) {
        var i = op.instruction();
        return switch (kind) {
            case MAP -> "r%d = map %s".formatted(i.dst(), Draft.mapOf(i).label());
            case MAP_VALUE ->
                    "r%d = value %s+%d"
                            .formatted(i.dst(), Draft.mapOf(i).label(), i.immediate() >>> 32);
            case FUNCTION -> "r%d = function %s".formatted(i.dst(), op.target());
            default -> PRINTER.print(i);
        };
    }

    private static String call(Line.Op op, Callee callee, ProgramType type) {
        var i = op.instruction();
        return switch (callee) {
            case HELPER -> "call " + HelperNames.of((int) i.immediate());
            case LOCAL -> "call " + op.target();
            case KFUNC ->
                    type.kfunc(i.immediate())
                            .map(kfunc -> "call kfunc " + kfunc.name())
                            .orElse("call kfunc nobody");
            case REGISTER -> PRINTER.print(i);
        };
    }
}
