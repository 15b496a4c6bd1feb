package io.jsockmap.bpf.map;

/**
 * BPF_MAP_TYPE_STACK: values without keys, last in, first out.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="keyless"}
 */
public final class StackMap extends QueueMap {
    public StackMap(MapDefinition definition) {
        super(definition);
    }

    @Override
    boolean takesNewest() {
        return true;
    }
}
