package io.jsockmap.bpf.memory;

/**
 * A thing that a program can hold and give to helpers, but not look into: a map, a function.
 *
 * @param name what a person calls it
 * @param object the thing
 */
public record ObjectRegion(String name, Object object) implements Region {
    @Override
    public int size() {
        return 0;
    }

    @Override
    public long load(Memory memory, int offset, int size) {
        throw fault(offset, size, "can't be read");
    }

    @Override
    public void store(Memory memory, int offset, int size, long value) {
        throw fault(offset, size, "can't be written");
    }
}
