package io.jsockmap.bpf.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.insn.AtomicOp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/** Plain memory: the stack, a map's value, a packet. */
public final class ByteRegion implements Region {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ATOMIC_INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle ATOMIC_LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final String name;
    private final int size;
    private final MemorySegment bytes;
    private final MemorySegment window;
    private final boolean writable;
    private final Attachments attachments;
    private final MapElement element;
    private final byte[] array;
    private final int arrayOffset;

    private ByteRegion(
            String name,
            MemorySegment bytes,
            boolean writable,
            Attachments attachments,
            MapElement element) {
        this.name = name;
        this.bytes = bytes;
        size = (int) bytes.byteSize();
        this.window = writable ? bytes : bytes.asReadOnly();
        this.writable = writable;
        this.attachments = attachments;
        this.element = element;
        array = bytes.heapBase().orElse(null) instanceof byte[] some ? some : null;
        arrayOffset = array == null ? 0 : (int) bytes.address();
    }

    /**
     * The element of a map that has these bytes for its value.
     *
     * @param map the map
     * @param key the element's key; nobody changes it
     */
    public record MapElement(Object map, byte[] key) {}

    /** Zeroed memory that takes atomic operations. */
    public static ByteRegion allocate(String name, int size) {
        // On top of longs, so that 8-byte atomics are aligned wherever the JVM puts the array.
        var longs = MemorySegment.ofArray(new long[(size + 7) / 8]);
        return new ByteRegion(name, longs.asSlice(0, size), true, new Attachments(), null);
    }

    /** Bytes that exist already; atomic operations on a {@code byte[]} exclude only each other. */
    public static ByteRegion of(String name, MemorySegment bytes) {
        return new ByteRegion(name, bytes, true, new Attachments(), null);
    }

    /** The same bytes, which the program can't write. */
    public ByteRegion readOnly() {
        return new ByteRegion(name, bytes, false, attachments, element);
    }

    /** A part of the bytes as a region of its own. */
    public ByteRegion slice(String name, long offset, int size) {
        return new ByteRegion(name, bytes.asSlice(offset, size), writable, attachments, null);
    }

    /** The same bytes as the value of a map's element, which gives the key's array away. */
    public ByteRegion asValueOf(Object map, byte[] key) {
        return new ByteRegion(name, bytes, writable, attachments, new MapElement(map, key));
    }

    /** Whose value this is, if it is one of a map that can have timers. */
    public Optional<MapElement> element() {
        return Optional.ofNullable(element);
    }

    /** What hangs on a byte; the same through every region that was made of this one. */
    public Optional<Attachment> attached(int offset) {
        return attachments.at(bytes.address() + offset);
    }

    /**
     * Hangs something on a byte; false if something hangs on this region already, or the memory was
     * retired.
     */
    public boolean attach(int offset, Attachment thing) {
        return attachments.add(start(), end(), start() + offset, thing);
    }

    /** Takes off what hangs on this region. */
    public void detach() {
        attachments.remove(start(), end());
    }

    /** Takes off what hangs here, and lets nothing hang here from now on. */
    public void retire() {
        attachments.close();
        detach();
    }

    private long start() {
        return bytes.address();
    }

    private long end() {
        return start() + bytes.byteSize();
    }

    /** The bytes, for whoever owns the region: programs share them. */
    public MemorySegment segment() {
        return bytes;
    }

    /**
     * The bytes, to be written for a program.
     *
     * @throws MemoryFault if it can't write them
     */
    MemorySegment writable() {
        checkWritable(0, size());
        return bytes;
    }

    /**
     * The array that has the bytes, and others before and behind them, to be read only.
     *
     * @throws IllegalStateException if they are not in an array of bytes
     */
    public byte[] array() {
        if (array == null) throw new IllegalStateException(name + " is not in an array of bytes");
        return array;
    }

    /** Where in the array they begin. */
    public int arrayOffset() {
        return arrayOffset;
    }

    /** The bytes as programs have them: those of a read-only region can't be written by it. */
    public MemorySegment window() {
        return window;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long load(Memory memory, int offset, int size) {
        return number(bytes, offset, size);
    }

    /** So many bytes from there on as a number without a sign. */
    public static long number(MemorySegment bytes, int offset, int size) {
        return switch (size) {
            case 1 -> Byte.toUnsignedLong(bytes.get(JAVA_BYTE, offset));
            case 2 -> Short.toUnsignedLong(bytes.get(SHORT, offset));
            case 4 -> Integer.toUnsignedLong(bytes.get(INT, offset));
            default -> bytes.get(LONG, offset);
        };
    }

    @Override
    public void store(Memory memory, int offset, int size, long value) {
        checkWritable(offset, size);
        switch (size) {
            case 1 -> bytes.set(JAVA_BYTE, offset, (byte) value);
            case 2 -> bytes.set(SHORT, offset, (short) value);
            case 4 -> bytes.set(INT, offset, (int) value);
            default -> bytes.set(LONG, offset, value);
        }
    }

    @Override
    public long atomic(
            Memory memory, int offset, int size, AtomicOp op, long operand, long expected) {
        if (op != AtomicOp.LOAD_ACQUIRE) checkWritable(offset, size);
        if (!takesAtomics(offset, size))
            return atomicAnywhere(memory, offset, size, op, operand, expected);
        if (size < Integer.BYTES) return orderedSmall(memory, offset, size, op, operand);
        return size == Integer.BYTES
                ? atomicInt(offset, op, (int) operand, (int) expected)
                : atomicLong(offset, op, operand, expected);
    }

    /**
     * What is not aligned, which the JVM has no atomic operations for: one after the other, among
     * themselves. Memory of a global function's parameter may lie so, and of a dynptr.
     */
    private long atomicAnywhere(
            Memory memory, int offset, int size, AtomicOp op, long operand, long expected) {
        synchronized (attachments) {
            long old = load(memory, offset, size);
            boolean keeps =
                    switch (op) {
                        case LOAD_ACQUIRE -> true;
                        case CMPXCHG -> old != (expected & -1L >>> 64 - size * 8);
                        default -> false;
                    };
            if (!keeps) store(memory, offset, size, op.apply(old, operand));
            return old;
        }
    }

    /** Whether the JVM has atomic operations on a number that lies there. */
    boolean takesAtomics(int offset, int size) {
        return offset % size == 0 && bytes.maxByteAlignment() >= size;
    }

    /** Adds to such a number, and gives what it was. */
    long fetchAdd(int offset, int size, long operand) {
        checkWritable(offset, size);
        long at = offset;
        if (size == Long.BYTES) return (long) ATOMIC_LONG.getAndAdd(bytes, at, operand);
        return Integer.toUnsignedLong((int) ATOMIC_INT.getAndAdd(bytes, at, (int) operand));
    }

    private long atomicInt(int offset, AtomicOp op, int operand, int expected) {
        long at = offset;
        int old =
                switch (op) {
                    case ADD, FETCH_ADD -> (int) ATOMIC_INT.getAndAdd(bytes, at, operand);
                    case OR, FETCH_OR -> (int) ATOMIC_INT.getAndBitwiseOr(bytes, at, operand);
                    case AND, FETCH_AND -> (int) ATOMIC_INT.getAndBitwiseAnd(bytes, at, operand);
                    case XOR, FETCH_XOR -> (int) ATOMIC_INT.getAndBitwiseXor(bytes, at, operand);
                    case XCHG -> (int) ATOMIC_INT.getAndSet(bytes, at, operand);
                    case CMPXCHG ->
                            (int) ATOMIC_INT.compareAndExchange(bytes, at, expected, operand);
                    case LOAD_ACQUIRE -> (int) ATOMIC_INT.getAcquire(bytes, at);
                    case STORE_RELEASE -> {
                        ATOMIC_INT.setRelease(bytes, at, operand);
                        yield 0;
                    }
                };
        return Integer.toUnsignedLong(old);
    }

    private long atomicLong(int offset, AtomicOp op, long operand, long expected) {
        long at = offset;
        return switch (op) {
            case ADD, FETCH_ADD -> (long) ATOMIC_LONG.getAndAdd(bytes, at, operand);
            case OR, FETCH_OR -> (long) ATOMIC_LONG.getAndBitwiseOr(bytes, at, operand);
            case AND, FETCH_AND -> (long) ATOMIC_LONG.getAndBitwiseAnd(bytes, at, operand);
            case XOR, FETCH_XOR -> (long) ATOMIC_LONG.getAndBitwiseXor(bytes, at, operand);
            case XCHG -> (long) ATOMIC_LONG.getAndSet(bytes, at, operand);
            case CMPXCHG -> (long) ATOMIC_LONG.compareAndExchange(bytes, at, expected, operand);
            case LOAD_ACQUIRE -> (long) ATOMIC_LONG.getAcquire(bytes, at);
            case STORE_RELEASE -> {
                ATOMIC_LONG.setRelease(bytes, at, operand);
                yield 0;
            }
        };
    }

    /** Loads and stores of 1 and 2 bytes can't be torn: a fence gives them their order. */
    private long orderedSmall(Memory memory, int offset, int size, AtomicOp op, long operand) {
        long old = load(memory, offset, size);
        VarHandle.fullFence();
        if (op == AtomicOp.STORE_RELEASE) store(memory, offset, size, operand);
        return old;
    }

    @Override
    public MemorySegment bytes(int offset, int size, boolean write) {
        if (write) checkWritable(offset, size);
        return bytes.asSlice(offset, size);
    }

    private void checkWritable(int offset, int size) {
        if (!writable) throw fault(offset, size, "is read-only");
    }
}
