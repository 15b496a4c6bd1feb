package io.jsockmap.bpf.program;

import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.Region;

/**
 * A context, or another structure of the kernel, as a program sees it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="run"}
 *
 * @param <C> the object behind it
 * @param name what a person calls it
 * @param layout the table of its fields
 * @param context the object that knows the values
 */
public record ContextRegion<C>(String name, ContextLayout<C> layout, C context) implements Region {
    @Override
    public int size() {
        return layout.size();
    }

    @Override
    public long load(Memory memory, int offset, int size) {
        var field = layout.fieldAt(offset);
        var value = field == null ? null : field.load(context, memory, offset, size);
        if (value == null) throw invalid(offset, size);
        return value;
    }

    @Override
    public void store(Memory memory, int offset, int size, long value) {
        var field = layout.fieldAt(offset);
        if (field == null || !field.mayStore(offset, size)) throw invalid(offset, size);
        field.setter().set(context, field.cut(value));
    }

    private RuntimeException invalid(int offset, int size) {
        var field = layout.fieldAt(offset);
        return fault(
                offset,
                size,
                "invalid bpf_context access off=%d size=%d (%s%s)"
                        .formatted(
                                offset,
                                size,
                                layout.name(),
                                field == null ? "" : ", field " + field.name()));
    }
}
