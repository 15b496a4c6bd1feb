package io.jsockmap.bpf.insn;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.ByteRegion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;

/** Every row of the instruction table does what RFC 9669 and the kernel say, at the corners too. */
class OpcodeVectorsTest {

    @ParameterizedTest
    @MethodSource("vectors")
    void aVectorRunsAsItSays(OpcodeVector vector) {
        var bytes = vector.memory();
        var memory = ByteRegion.allocate("memory", bytes.length);
        memory.segment().copyFrom(MemorySegment.ofArray(bytes));
        var map = new ArrayMap(MapDefinition.of("vector", MapType.ARRAY, 4, 16, 2));
        var trial = Trial.of(vector.code()).on(memory).with(map);

        if (vector.result().isEmpty()) {
            assertThat(trial.fault()).hasMessageContaining(vector.fault());
        } else {
            assertThat(trial.value()).isEqualTo(vector.result().get());
        }
        vector.after()
                .ifPresent(
                        after -> assertThat(memory.segment().toArray(JAVA_BYTE)).isEqualTo(after));
    }

    @Test
    void everyRowOfTheTableHasAVector() {
        var rows = new HashSet<>(Opcodes.TABLE);

        for (var vector : vectors()) {
            vector.code().instructions().forEach(i -> rows.remove(i.opcode()));
        }

        assertThat(rows).isEmpty();
    }

    static List<OpcodeVector> vectors() {
        return OpcodeVector.all();
    }
}
