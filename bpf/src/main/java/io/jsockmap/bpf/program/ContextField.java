package io.jsockmap.bpf.program;

import io.jsockmap.bpf.memory.Memory;

/**
 * A field of a context structure.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="layout"}
 *
 * @param <C> the object that knows the field's value during a run
 * @param name as in the kernel's header
 * @param offset bytes from the structure's start
 * @param size bytes
 * @param loads which loads are legal
 * @param content what it holds
 * @param getter the value; it may be wider than the field, where the field holds a pointer
 * @param setter takes a store of exactly the field's size; null where stores are illegal
 */
public record ContextField<C>(
        String name,
        int offset,
        int size,
        Loads loads,
        Content content,
        Getter<C> getter,
        Setter<C> setter) {

    /** The value of a field. */
    public interface Getter<C> {
        long get(C context, Memory memory);
    }

    /** What a store to a field does. */
    public interface Setter<C> {
        void set(C context, long value);
    }

    /** Whether a load of so many bytes at that offset of the structure is legal. */
    public boolean mayLoad(int at, int bytes) {
        boolean whole = at == offset && bytes == size;
        return switch (loads) {
            case EXACT -> whole;
            case NARROW -> at % bytes == 0 && bytes <= size;
            case FIRST -> at == offset && bytes <= size;
            case HALF -> whole || at % bytes == 0 && at + bytes <= offset + Short.BYTES;
            case NONE -> false;
        };
    }

    /** Whether a store of so many bytes at that offset of the structure is legal. */
    public boolean mayStore(int at, int bytes) {
        return setter != null && at == offset && bytes == size;
    }

    /** As much of a number as the field has room for. */
    public long cut(long value) {
        int unused = Long.SIZE - size * Byte.SIZE;
        return value << unused >>> unused;
    }

    /** The value of the loaded part, or null if the load is illegal. */
    Long load(C context, Memory memory, int at, int bytes) {
        if (!mayLoad(at, bytes)) return null;
        long value = getter.get(context, memory);
        if (bytes == size) return value;
        long mask = (1L << bytes * 8) - 1;
        return value >>> (at - offset) * 8 & mask;
    }
}
