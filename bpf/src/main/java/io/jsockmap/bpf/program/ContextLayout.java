package io.jsockmap.bpf.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * A context structure as a table of fields. Executions read and write contexts by it, and the
 * verifier allows what it says; nothing else knows offsets.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="layout"}
 *
 * @param <C> the object that knows the fields' values during a run
 */
public final class ContextLayout<C> {
    private final String name;
    private final int size;
    private final List<ContextField<C>> fields;
    private final List<ContextField<C>> byOffset;

    private ContextLayout(String name, int size, List<ContextField<C>> fields) {
        this.name = name;
        this.size = size;
        this.fields = List.copyOf(fields);
        var index = new ArrayList<ContextField<C>>();
        for (int i = 0; i < size; i++) index.add(null);
        for (var field : fields) {
            for (int i = 0; i < field.size(); i++) index.set(field.offset() + i, field);
        }
        byOffset = index;
    }

    /** Starts a table for a structure of that name and size in bytes. */
    public static <C> Builder<C> of(String name, int size) {
        return new Builder<>(name, size);
    }

    /** The structure's name in C. */
    public String name() {
        return name;
    }

    /** Its size in bytes. */
    public int size() {
        return size;
    }

    /** Its fields by their offsets. */
    public List<ContextField<C>> fields() {
        return fields;
    }

    /** The field that holds the byte at an offset, or null. */
    ContextField<C> fieldAt(int offset) {
        return byOffset.get(offset);
    }

    /** The field that holds the byte at an offset, if there is one. */
    public Optional<ContextField<C>> field(int offset) {
        boolean inside = offset >= 0 && offset < size;
        return inside ? Optional.ofNullable(byOffset.get(offset)) : Optional.empty();
    }

    /** Collects the rows. */
    public static final class Builder<C> {
        private final String name;
        private final int size;
        private final List<ContextField<C>> fields = new ArrayList<>();

        private Builder(String name, int size) {
            this.name = name;
            this.size = size;
        }

        /** A number that is loaded whole. */
        public Builder<C> exact(int offset, int size, String name, ToLongFunction<C> value) {
            return field(offset, size, name, Loads.EXACT, (c, _) -> value.applyAsLong(c), null);
        }

        /** A number that may be loaded in parts. */
        public Builder<C> narrow(int offset, int size, String name, ToLongFunction<C> value) {
            return field(offset, size, name, Loads.NARROW, (c, _) -> value.applyAsLong(c), null);
        }

        /** A number that may be loaded in parts from its start only. */
        public Builder<C> first(int offset, int size, String name, ToLongFunction<C> value) {
            return field(offset, size, name, Loads.FIRST, (c, _) -> value.applyAsLong(c), null);
        }

        /** Words of 4 bytes, loaded one at a time. */
        public Builder<C> words(int offset, int count, String name, WordGetter<C> value) {
            for (int i = 0; i < count; i++) {
                int word = i;
                exact(offset + 4 * i, 4, "%s[%d]".formatted(name, i), c -> value.get(c, word));
            }
            return this;
        }

        /** A pointer, loaded whole. */
        public Builder<C> pointer(
                int offset,
                int size,
                String name,
                Content content,
                ContextField.Getter<C> address) {
            return field(offset, size, name, Loads.EXACT, content, address, null);
        }

        /** A field that the kernel keeps from this type of program. */
        public Builder<C> hidden(int offset, int size, String name) {
            return field(offset, size, name, Loads.NONE, (_, _) -> 0, null);
        }

        /** A number that may be stored to. */
        public Builder<C> field(
                int offset,
                int size,
                String name,
                Loads loads,
                ContextField.Getter<C> getter,
                ContextField.Setter<C> setter) {
            return field(offset, size, name, loads, Content.NUMBER, getter, setter);
        }

        private Builder<C> field(
                int offset,
                int size,
                String name,
                Loads loads,
                Content content,
                ContextField.Getter<C> getter,
                ContextField.Setter<C> setter) {
            fields.add(new ContextField<>(name, offset, size, loads, content, getter, setter));
            return this;
        }

        public ContextLayout<C> build() {
            return new ContextLayout<>(name, size, fields);
        }
    }

    /** One word of a field of several. */
    public interface WordGetter<C> {
        long get(C context, int word);
    }
}
