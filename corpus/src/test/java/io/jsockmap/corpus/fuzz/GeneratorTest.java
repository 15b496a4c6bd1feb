package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.kernel.KernelVerifier;

import org.junit.jupiter.api.Test;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Generated programs are worth a verifier's time. */
class GeneratorTest {
    private static final int COUNT = 2000;

    @Test
    void aSeedIsAProgram() {
        for (long seed = 0; seed < 100; seed++) {
            assertThat(Generator.draft(seed, 2)).isEqualTo(Generator.draft(seed, 2));
        }
    }

    @Test
    void seedsDiffer() {
        assertThat(LongStream.range(0, 200).mapToObj(seed -> Generator.draft(seed, 2)).distinct())
                .hasSizeGreaterThan(190);
    }

    @Test
    void allCanBeMade() {
        LongStream.range(0, COUNT).forEach(seed -> Generator.draft(seed, 4).program());
    }

    @Test
    void allKindsOfInstructionsAreUsed() {
        Map<String, Integer> programs = new TreeMap<>();
        for (long seed = 0; seed < COUNT; seed++) {
            var kinds = new TreeSet<String>();
            for (var op : Generator.draft(seed, 2).operations()) kinds.add(kind(op.instruction()));
            kinds.forEach(kind -> programs.merge(kind, 1, Integer::sum));
        }
        assertThat(programs)
                .containsKeys(
                        "add",
                        "sub",
                        "mul",
                        "div",
                        "or",
                        "and",
                        "lsh",
                        "rsh",
                        "neg",
                        "mod",
                        "xor",
                        "mov",
                        "arsh",
                        "sdiv",
                        "smod",
                        "extend",
                        "swap",
                        "load",
                        "store",
                        "atomic",
                        "goto",
                        "may_goto",
                        "exit",
                        "call LOCAL",
                        "call KFUNC",
                        "call HELPER",
                        "map",
                        "value",
                        "function",
                        "number");
        assertThat(programs.keySet().stream().filter(kind -> kind.startsWith("if"))).hasSize(22);
        // What most programs are about is in many of them.
        assertThat(programs)
                .hasEntrySatisfying("load", n -> assertThat(n).isGreaterThan(COUNT / 2));
        for (var rare :
                new String[] {"atomic", "call LOCAL", "call KFUNC", "may_goto", "function"}) {
            assertThat(programs.get(rare)).as(rare).isGreaterThan(COUNT / 100);
        }
    }

    @Test
    void aQuarterIsAcceptedByTheKernel() {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);
        int count = 300;
        long accepted =
                IntStream.range(0, count)
                        .mapToObj(seed -> Generator.draft(seed, 2).program())
                        .filter(program -> KernelVerifier.verify(program, 0).accepted())
                        .count();
        assertThat(accepted).isBetween(count / 4L, count * 9L / 10);
    }

    private static String kind(Instruction i) {
        return switch (i.operation()) {
            case Operation.Alu(var op, _, _) -> op.name().toLowerCase(Locale.ROOT);
            case Operation.SignExtend _ -> "extend";
            case Operation.Swap _ -> "swap";
            case Operation.Load _ -> "load";
            case Operation.Store _ -> "store";
            case Operation.Atomic _ -> "atomic";
            case Operation.Jump(var op, int bits, Source _) -> "if " + op + bits;
            case Operation.Goto _ -> "goto";
            case Operation.MayGoto _ -> "may_goto";
            case Call(Callee callee) -> "call " + callee;
            case Operation.Exit _ -> "exit";
            case LoadImmediate(ImmediateKind kind) ->
                    switch (kind) {
                        case MAP -> "map";
                        case MAP_VALUE -> "value";
                        case FUNCTION -> "function";
                        default -> "number";
                    };
            case Operation.LegacyLoad _ -> "legacy";
        };
    }
}
