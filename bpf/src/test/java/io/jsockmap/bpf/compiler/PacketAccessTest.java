package io.jsockmap.bpf.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.compiler.emit.ProgramCompiler;
import io.jsockmap.bpf.program.Program;

import org.junit.jupiter.api.Test;

import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;

/**
 * How compiled code reads. The JVM's first compiler gives up on a method with some forty accesses
 * through segments, which then stays slow for good; but in a loop their check is the cheaper one.
 */
class PacketAccessTest {

    /** Calls of a segment's methods in all methods of the program. */
    private static long accessesBySegment(Program program) {
        return ClassFile.of()
                .parse(ProgramCompiler.compile(program, false).type())
                .methods()
                .stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast)
                .filter(call -> call.owner().asInternalName().endsWith("/MemorySegment"))
                .count();
    }

    private static Program verified(String code) {
        return Packets.verified(Packets.with(8, code));
    }

    @Test
    void aPacketIsReadFromItsArray() {
        var reads =
                """
                r0 = *(u8 *)(r6 + 0)
                r8 = *(u16 *)(r6 + 1)
                r0 += r8
                r8 = *(u32 *)(r6 + 3)
                r0 += r8
                r8 = *(u64 *)(r6 + 0)
                r0 += r8\
                """;
        assertThat(accessesBySegment(verified(reads))).isZero();
    }

    @Test
    void theStackIsAnArray() {
        var varying =
                """
                r8 = 7
                *(u64 *)(r10 - 8) = r8
                *(u8 *)(r10 - 16) = 1
                r8 = *(u8 *)(r6 + 0)
                r8 &= 7
                r9 = r10
                r9 += -8
                r9 += r8
                r0 = *(u8 *)(r9 + 0)\
                """;
        assertThat(accessesBySegment(verified(varying))).isZero();
    }

    @Test
    void inAShortLoopAPacketIsReadThroughASegment() {
        var loop =
                """
                r8 = 0
                r9 = r6
                r9 += r8
                r2 = *(u8 *)(r9 + 0)
                r0 += r2
                r8 += 1
                if r8 != 8 goto -6\
                """;
        assertThat(accessesBySegment(verified(loop))).isEqualTo(1);
    }
}
