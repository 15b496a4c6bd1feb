package io.jsockmap.bpf.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.insn.Division;
import io.jsockmap.bpf.insn.Group;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.MalformedCodeException;
import io.jsockmap.bpf.insn.Opcode;
import io.jsockmap.bpf.insn.Opcodes;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Source;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.Set;

/** How programs are written, printed and looked into instruction by instruction. */
class InstructionExamples {
    @Test
    void aProgramIsWrittenAsTextAndPrintedAsBpftoolDoes() {
        // @start region="assemble"
        Code code =
                Assembler.assemble(
                        """
                        r0 = *(u32 *)(r1 + 0)
                        if r0 > 100 goto large
                        r0 = 0
                        large:
                        exit
                        """);
        Disassembler disassembler = new Disassembler(Disassembler.Style.KERNEL);

        assertThat(disassembler.print(code).lines().map(String::strip))
                .startsWith("0: (61) r0 = *(u32 *)(r1 +0)", "1: (25) if r0 > 0x64 goto pc+1");

        MalformedCodeException wrong =
                catchThrowableOfType(
                        MalformedCodeException.class, () -> Assembler.assemble("r0 = 1\nr0 1"));
        assertThat(wrong.position()).isEqualTo(2); // the line
        // @end
        assertThat(Code.decode(code.encode()).instructions()).isEqualTo(code.instructions());
    }

    // @start region="operation"
    /** What an instruction does to memory or to the way of the program, in words. */
    static String inWords(Instruction instruction) {
        return switch (instruction.operation()) {
            case Operation.Load(int size, var _) -> "reads %d bytes".formatted(size);
            case Operation.Store(int size, Source source) when source == Source.IMMEDIATE ->
                    "writes a constant of %d bytes".formatted(size);
            case Operation.Store(int size, var _) -> "writes %d bytes".formatted(size);
            case Operation.Atomic(AtomicOp op, var _) ->
                    op.fetches() ? "changes, and takes what was there" : "changes";
            case Operation.Jump(JumpOp op, var _, var _) ->
                    op.isUnsigned() ? "compares without sign" : "compares";
            default -> "";
        };
    }

    // @end

    @Test
    void anOperationIsOneOfAFewKinds() {
        var code =
                Assembler.assemble(
                        """
                        r2 = *(u16 *)(r1 + 0)
                        *(u32 *)(r10 - 4) = 7
                        *(u8 *)(r10 - 5) = r2
                        if r2 > 5 goto +0
                        if r2 s> 5 goto +0
                        lock *(u64 *)(r10 - 16) += r2
                        exit
                        """);

        assertThat(code.instructions())
                .extracting(InstructionExamples::inWords)
                .containsExactly(
                        "reads 2 bytes",
                        "writes a constant of 4 bytes",
                        "writes 1 bytes",
                        "compares without sign",
                        "compares",
                        "changes",
                        "");
    }

    @Test
    void arithmeticIsThatOfTheRfc() {
        // @start region="arithmetic"
        // Nothing traps: by zero gives zero, and a modulo leaves what it is taken of.
        assertThat(AluOp.DIV.apply(7L, 0L)).isZero();
        assertThat(AluOp.MOD.apply(7L, 0L)).isEqualTo(7);
        assertThat(Division.divideSigned(Long.MIN_VALUE, -1)).isEqualTo(Long.MIN_VALUE);
        // Comparisons have no sign unless they say so.
        assertThat(JumpOp.JGT.holds(-1, 1)).isTrue();
        assertThat(JumpOp.JSGT.holds(-1, 1)).isFalse();
        // What memory holds after an atomic operation.
        assertThat(AtomicOp.FETCH_ADD.apply(40, 2)).isEqualTo(42);
        // @end
    }

    @Test
    void theTableSaysWhatAProgramAsksOfAMachine() {
        var code =
                Assembler.assemble(
                        """
                        r2 = 0
                        r2 /= 3
                        lock *(u64 *)(r10 - 16) += r2
                        exit
                        """);
        // @start region="table"
        Set<Group> needed = EnumSet.noneOf(Group.class);
        for (Instruction instruction : code.instructions()) {
            Opcode row = instruction.opcode();
            needed.add(row.group());
        }
        assertThat(needed).contains(Group.DIVMUL64, Group.ATOMIC64).doesNotContain(Group.LINUX);

        Opcode exit = Opcodes.of(new Operation.Exit()).orElseThrow();
        assertThat(exit.code()).isEqualTo(0x95);
        // @end
    }
}
