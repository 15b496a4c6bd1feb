package io.jsockmap.bpf.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.compiler.emit.ProgramCompiler;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Random;

/** Programs that are longer than a method may be. */
class LongProgramTest {
    private final Region context = Packets.of((byte) 1, (byte) 2, (byte) 3, (byte) 4);

    /** Arithmetic and jumps forward, on the packet, the stack, and constants of all sizes. */
    private static String code(int instructions) {
        var chance = new Random(instructions);
        var code = new StringBuilder("r8 = 0\n");
        for (int i = 0; i < instructions / 8; i++) {
            code.append(
                    """
                    r8 += %d
                    r3 = %d ll
                    r8 ^= r3
                    *(u64 *)(r10 - %d) = r8
                    if w8 > 5 goto +1
                    r8 *= 7
                    r4 = *(u8 *)(r6 + %d)
                    r8 += r4
                    """
                            .formatted(
                                    chance.nextInt(),
                                    chance.nextLong(),
                                    8 * (1 + chance.nextInt(4)),
                                    chance.nextInt(4)));
        }
        return Packets.with(4, code + "r0 = *(u64 *)(r10 - 8)\nr0 ^= r8");
    }

    @ParameterizedTest
    @ValueSource(ints = {800, 5_000, 100_000})
    void aLongProgramIsCutAndStillRuns(int instructions) {
        var program = Packets.program(code(instructions));

        assertThat(longestMethod(program)).isLessThanOrEqualTo(ProgramCompiler.MAX_METHOD);
        assertThat(compiled(program)).isEqualTo(interpreted(program));
    }

    @ParameterizedTest
    @ValueSource(ints = {800, 5_000})
    void soIsOneOfWhichFactsAreKnown(int instructions) {
        var program = Packets.verified(code(instructions));

        assertThat(longestMethod(program)).isLessThanOrEqualTo(ProgramCompiler.MAX_METHOD);
        assertThat(compiled(program)).isEqualTo(interpreted(program));
    }

    private static int longestMethod(Program program) {
        return ClassFile.of()
                .parse(ProgramCompiler.compile(program, false).type())
                .methods()
                .stream()
                .flatMap(method -> method.code().stream())
                .mapToInt(code -> ((CodeAttribute) code).codeLength())
                .max()
                .orElseThrow();
    }

    private long compiled(Program program) {
        var machine = CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);
        return machine.run(program, Environment.system(), context).value();
    }

    private long interpreted(Program program) {
        return new Interpreter().run(program, Environment.system(), context).value();
    }
}
