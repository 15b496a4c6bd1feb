package io.jsockmap.kernel.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of the kernel's that this process sees (mmap(2)), until it is closed. */
@SuppressWarnings("restricted")
public final class Mapping implements Held {
    private static final int READ = 1;
    private static final int WRITE = 2;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    private Mapping(long address, long length, boolean writable) {
        var mapped = MemorySegment.ofAddress(address).reinterpret(length, arena, Libc::munmap);
        memory = writable ? mapped : mapped.asReadOnly();
    }

    /**
     * Maps a part of what a descriptor stands for.
     *
     * @param offset where it begins, on a page
     * @throws io.jsockmap.bpf.BpfException if the kernel refuses it; what says what was to be seen
     */
    public static Mapping of(
            Descriptor descriptor, long offset, long length, boolean writable, String what) {
        int protection = writable ? READ | WRITE : READ;
        var answer = Libc.mmap(length, protection, descriptor.number(), offset);
        Descriptor.check(new Bpf.Answer(0, answer.errno()), "to map " + what);
        return new Mapping(answer.value(), length, writable);
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Nobody may look at the memory any more; whoever does gets an exception. */
    @Override
    public void close() {
        arena.close();
    }
}
