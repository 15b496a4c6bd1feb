package io.jsockmap.bpf.memory;

/** What a pointer names whose region is gone: each access is a fault. */
record Revoked(String of) implements Region {
    @Override
    public String name() {
        return of + ", by a pointer from before it changed";
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public long load(Memory memory, int offset, int size) {
        throw fault(offset, size, "is gone");
    }

    @Override
    public void store(Memory memory, int offset, int size, long value) {
        throw fault(offset, size, "is gone");
    }
}
