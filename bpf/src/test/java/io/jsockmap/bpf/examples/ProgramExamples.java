package io.jsockmap.bpf.examples;

import static io.jsockmap.bpf.examples.Numbers.u32;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.JumpTarget;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.ProgramArray;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Constants;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.HelperNumbers;
import io.jsockmap.bpf.program.MapUse;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Subprogram;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What a tool learns of a program. */
class ProgramExamples {
    private static final String LOOKUP =
            """
            *(u32 *)(r10 - 4) = 443
            r1 = map[fd:0]
            r2 = r10
            r2 += -4
            call 1
            r0 = 0
            exit
            """;

    private final HashMap ports = new HashMap(MapDefinition.of("ports", MapType.HASH, 4, 8, 9));
    private final Program program = Message.program(LOOKUP, ports);

    @Test
    void aToolListsTheHelpersThatAProgramCalls() {
        // @start region="calls"
        List<String> helpers = new ArrayList<>();
        for (Instruction instruction : program.code().instructions()) {
            if (instruction.calls(Operation.Callee.HELPER)) {
                helpers.add(HelperNames.of((int) instruction.immediate()));
            }
        }
        assertThat(helpers).containsExactly("bpf_map_lookup_elem");

        assertThat(program.callsAny(HelperNumbers.REDIRECTS)).isFalse();
        assertThat(program.callsAny(Set.of(HelperNumbers.MAP_LOOKUP))).isTrue();
        assertThat(program.mayCall(CallTrait.LOOKS_UP)).isTrue();
        // @end
    }

    @Test
    void aToolAsksWhichHelpersTakeAMap() {
        // @start region="mapuse"
        int type = program.type().number();

        assertThat(MapUse.refusal(type, MapType.HASH, HelperNumbers.MAP_LOOKUP)).isEmpty();

        MapUse.Refusal refusal =
                MapUse.refusal(type, MapType.QUEUE, HelperNumbers.MAP_LOOKUP).orElseThrow();
        assertThat(refusal.errno()).isEqualTo(Errno.EINVAL);
        assertThat(refusal.lines())
                .containsExactly("cannot pass map_type 22 into func bpf_map_lookup_elem#1");
        // @end
    }

    @Test
    void aToolAsksWhatAnInstructionLoads() {
        // @start region="constants"
        Constants constants = program.constants();
        Instruction load = program.slot(1); // r1 = map[fd:0]

        assertThat(constants.maps().get((int) load.immediate())).isSameAs(ports);
        OptionalLong address = constants.value(1, load, Operation.ImmediateKind.MAP);
        assertThat(address).isPresent(); // what R1 holds then, in every run
        // @end
    }

    @Test
    void aCompiledProgramKnowsItsLinesAndFunctions() {
        var loader =
                new ObjectLoader(
                        MapKinds.plain(), _ -> Optional.of(Message.TYPE), new PinnedMaps());
        var object = loader.load(Fixtures.object("subprograms"), LoadOptions.DEFAULT);
        Program program = object.program("first");
        // @start region="debug"
        Debug debug = program.debug();

        assertThat(debug.functions())
                .extracting(Subprogram::name)
                .contains("first", "weigh", "score");
        SourceLine line = program.lineOf(0).orElseThrow();
        assertThat(line.place()).startsWith("subprograms.bpf.c:");
        // @end
        assertThat(debug.isGplCompatible()).isFalse();
    }

    @Test
    void anArrayHasTheProgramsThatOthersJumpTo() {
        // @start region="tailcalls"
        ProgArrayMap<Program> jumps =
                new ProgArrayMap<>(MapDefinition.of("jumps", MapType.PROG_ARRAY, 4, 4, 2));
        Program entry = Message.program("r2 = map[fd:0]\nr3 = 1\ncall 12\nr0 = 2\nexit", jumps);
        Program leaf = Message.program("r0 = 7\nexit");

        ProgramArray<Program> array = jumps; // of either engine
        for (JumpTarget one : List.of(entry, leaf)) array.admit(one); // all are of one type
        array.set(1, leaf);

        assertThat(jumps.lookup(u32(1))).hasValue(u32(leaf.id()));
        // @end
        var message = new Message(100, 443).context();
        var result = Engines.tested().run(entry, Environment.system(), message);
        assertThat(result.value()).isEqualTo(7);
    }
}
