package io.jsockmap.bpf.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.ProgramCase;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.ByteRegion;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/** What no program may do ends its run with a fault that says where, and does nothing else. */
class HostileProgramTest {
    private static final long LIMIT = 100_000;

    @ParameterizedTest
    @MethodSource("programs")
    void aHostileProgramFaults(ProgramCase hostile) {
        // Ones, so that comparisons of text find no end before the region's.
        var memory = ByteRegion.allocate("memory", 16);
        memory.segment().fill((byte) 1);

        var fault = Trial.of(hostile.text()).on(memory).with(maps()).upTo(LIMIT).fault();

        assertThat(fault)
                .hasMessageStartingWith("EFAULT: program trial, instruction ")
                .hasMessageNotContaining("\n");
        hostile.facts().get("fault").lines().forEach(assertThat(fault)::hasMessageContaining);
        assertThat(memory.segment().toArray(JAVA_BYTE)).containsOnly(1);
    }

    static List<ProgramCase> programs() {
        return Stream.of("pointers", "flow", "helpers")
                .flatMap(name -> ProgramCase.of("hostile/" + name + ".txt").stream())
                .toList();
    }

    private static BpfMap[] maps() {
        var constants = MapDefinition.of("constants", MapType.ARRAY, 4, 8, 1);
        return new BpfMap[] {
            new ArrayMap(MapDefinition.of("ports", MapType.ARRAY, 4, 8, 2)),
            new ArrayMap(constants.withFlags(BpfMap.RDONLY_PROG)),
            new HashMap(MapDefinition.of("flows", MapType.HASH, 4, 8, 4))
        };
    }
}
