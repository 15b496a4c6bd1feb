package io.jsockmap.bpf.object;

import io.jsockmap.bpf.map.MapDefinition;

import java.util.Map;

/**
 * A map as an object file has it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="read"}
 *
 * @param definition what it shall be
 * @param section where it is defined
 * @param values the programs or maps that it shall hold at the start, by index
 */
public record MapSpec(MapDefinition definition, String section, Map<Integer, String> values) {
    public MapSpec {
        values = Map.copyOf(values);
    }

    /** The map's name. */
    public String name() {
        return definition.name();
    }
}
