package io.jsockmap.testkit.record;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.ByteRegion.MapElement;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.memory.WriteOnlyRegion;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.record.Pointers.Target;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Learns during a run what its addresses point to: afterwards nobody could tell. */
final class PointerTable {
    private final Map<Integer, Target> targets = new HashMap<>();

    /** The frame pointer of a function. */
    void stack(long address, int depth) {
        targets.putIfAbsent(Pointers.number(address), Target.stack(depth));
    }

    /** Some registers, of which some may be pointers. */
    void learn(Memory memory, Program program, long[] registers) {
        for (long value : registers) {
            int number = Pointers.number(value);
            if (number <= 0 || targets.containsKey(number)) continue;
            memory.find(value)
                    .map(region -> target(program, region))
                    .filter(target -> target.mayHave(value))
                    .ifPresent(target -> targets.put(number, target));
        }
    }

    Pointers known() {
        return new Pointers(targets);
    }

    private static Target target(Program program, Region region) {
        var inner = region instanceof WriteOnlyRegion(var bytes) ? bytes : region;
        return switch (inner) {
            case ContextRegion<?> context when context.name().equals("context") ->
                    Target.of("ctx", context.size());
            case ByteRegion bytes when element(bytes).isPresent() ->
                    Target.of(elementText(program, element(bytes).get()), bytes.size());
            default -> Target.of(region.name(), region.size());
        };
    }

    private static Optional<MapElement> element(ByteRegion bytes) {
        return bytes.element().filter(element -> element.map() instanceof BpfMap);
    }

    private static String elementText(Program program, MapElement element) {
        var map = (BpfMap) element.map();
        var key = Reading.value(program.debug().types(), map.definition().keyType(), element.key());
        return "&%s[%s]".formatted(map.name(), key);
    }
}
