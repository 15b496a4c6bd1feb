package io.jsockmap.bpf.helper;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Memory;

/**
 * What a {@code struct bpf_dynptr} of a program says: a piece of memory that is at hand. It is kept
 * in the program's own 16 bytes. A program that forges one gains nothing, since the memory is
 * reached by an address that is checked like any other.
 *
 * @param data the address of the memory's first byte; 0 for a null dynptr
 * @param size bytes, less than 16 MiB
 * @param readOnly whether the program may not write through it
 */
record Dynptr(long data, long size, boolean readOnly) {
    /** What an operation that failed leaves. */
    static final Dynptr NULL = new Dynptr(0, 0, false);

    /** DYNPTR_MAX_SIZE of the kernel. */
    static final int MAX_SIZE = (1 << 24) - 1;

    /** DYNPTR_RDONLY_BIT of the kernel, beside the size. */
    private static final long READ_ONLY = 1L << 31;

    /** The dynptr at an address of the program. */
    static Dynptr at(Memory memory, long address) {
        long data = memory.load(address, Long.BYTES);
        long size = memory.load(address + Long.BYTES, Long.BYTES);
        return new Dynptr(data, size & MAX_SIZE, (size & READ_ONLY) != 0);
    }

    /** Puts it to an address of the program. */
    void put(Memory memory, long address) {
        memory.store(address, Long.BYTES, data);
        memory.store(address + Long.BYTES, Long.BYTES, size | (readOnly ? READ_ONLY : 0));
    }

    boolean isNull() {
        return data == 0;
    }

    /** Whether so many bytes from there are inside. */
    boolean contains(long offset, long length) {
        return Long.compareUnsigned(length, size) <= 0
                && Long.compareUnsigned(offset, size - length) <= 0;
    }

    /** Why it can't be written to: 0 if it can. */
    long refusal() {
        return isNull() || readOnly ? Errno.EINVAL.negative() : 0;
    }

    /** The part from one byte to another. */
    Dynptr part(long start, long end) {
        return new Dynptr(data + start, end - start, readOnly);
    }
}
