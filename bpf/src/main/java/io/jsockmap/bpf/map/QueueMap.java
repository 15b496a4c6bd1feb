package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * BPF_MAP_TYPE_QUEUE: values without keys, first in, first out.
 *
 * <p>For applications a lookup (with a key of no bytes) gives the value that is next, an update
 * pushes, {@link #lookupAndDelete} takes.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="keyless"}
 */
public sealed class QueueMap extends BpfMap implements KeylessMap permits StackMap {
    /** KMALLOC_MAX_SIZE of the kernel. */
    private static final int MAX_VALUE = 1 << 22;

    private static final byte[] NO_KEY = {};

    /** Held while a value is copied, and never longer. */
    private final ReentrantLock lock = new ReentrantLock();

    private final byte[] ring;
    private final int capacity;
    private int oldest;
    private int size;

    public QueueMap(MapDefinition definition) {
        super(definition);
        checkFlags(NUMA_NODE | RDONLY | WRONLY | RDONLY_PROG | WRONLY_PROG);
        if (keySize() != 0) {
            throw failure(Errno.EINVAL, "a key of %d bytes, expected none".formatted(keySize()));
        }
        if (valueSize() == 0) throw failure(Errno.EINVAL, "no value");
        if (valueSize() < 0 || valueSize() > MAX_VALUE) {
            throw failure(
                    Errno.E2BIG,
                    "values of %d bytes, at most %d"
                            .formatted(Integer.toUnsignedLong(valueSize()), MAX_VALUE));
        }
        ArrayMap.takeRoom(definition, new MapMemory(this), valueSize());
        capacity = (int) maxEntries();
        ring = new byte[capacity * valueSize()];
    }

    /**
     * Puts a value in; with EXIST, the oldest makes room for it if the map is full.
     *
     * @throws MapException E2BIG if the map is full, EINVAL for NOEXIST, EPERM and EINVAL as for
     *     update
     */
    public final void push(byte[] value, UpdateFlag flag) {
        update(NO_KEY, value, flag);
    }

    /** The value that is next, or empty; EPERM as for lookup. */
    public final Optional<byte[]> peek() {
        return lookup(NO_KEY);
    }

    /** Takes the value that is next; ENOENT without one, EPERM as for lookupAndDelete. */
    public final byte[] pop() {
        return lookupAndDelete(NO_KEY);
    }

    @Override
    public final long pushFromProgram(byte[] value, long flags) {
        var flag = UpdateFlag.of(flags);
        if (flag.isEmpty()) return Errno.EINVAL.negative();
        if ((definition().flags() & RDONLY_PROG) != 0) return Errno.EACCES.negative();
        return errnoOf(() -> put(NO_KEY, value, flag.get()));
    }

    @Override
    public final long popFromProgram(MemorySegment value) {
        if ((definition().flags() & RDONLY_PROG) != 0) return Errno.EACCES.negative();
        return read(value, findAndRemove(NO_KEY));
    }

    @Override
    public final long peekFromProgram(MemorySegment value) {
        return read(value, find(NO_KEY));
    }

    private static long read(MemorySegment to, Optional<byte[]> value) {
        if (value.isEmpty()) {
            to.fill((byte) 0);
            return Errno.ENOENT.negative();
        }
        MemorySegment.copy(value.get(), 0, to, JAVA_BYTE, 0, value.get().length);
        return 0;
    }

    @Override
    protected final void put(byte[] key, byte[] value, UpdateFlag flag) {
        if (flag == UpdateFlag.NOEXIST) throw failure(Errno.EINVAL, "values have no keys here");
        lock.lock();
        try {
            if (size == capacity) {
                if (flag != UpdateFlag.EXIST) throw full();
                dropOldest();
            }
            System.arraycopy(value, 0, ring, at(size), value.length);
            size++;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected final Optional<byte[]> find(byte[] key) {
        lock.lock();
        try {
            return size == 0 ? Optional.empty() : Optional.of(read());
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected final Optional<byte[]> findAndRemove(byte[] key) {
        lock.lock();
        try {
            if (size == 0) return Optional.empty();
            var value = read();
            if (takesNewest()) size--;
            else dropOldest();
            return Optional.of(value);
        } finally {
            lock.unlock();
        }
    }

    private void dropOldest() {
        oldest = (oldest + 1) % capacity;
        size--;
    }

    private byte[] read() {
        int from = at(takesNewest() ? size - 1 : 0);
        return Arrays.copyOfRange(ring, from, from + valueSize());
    }

    /** Where the value of that age begins; 0 is the oldest. */
    private int at(int age) {
        return (int) (((long) oldest + age) % capacity) * valueSize();
    }

    boolean takesNewest() {
        return false;
    }

    @Override
    protected final void putFromProgram(byte[] key, byte[] value, UpdateFlag flag) {
        throw keyless();
    }

    @Override
    public final Region lookupFromProgram(Key key) {
        return null;
    }

    @Override
    protected final void remove(byte[] key) {
        throw keyless();
    }

    @Override
    protected final Optional<byte[]> following(byte[] key) {
        throw keyless();
    }

    private MapException keyless() {
        return failure(Errno.EINVAL, "values have no keys here: push, peek and pop");
    }
}
