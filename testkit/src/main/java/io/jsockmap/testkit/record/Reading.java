package io.jsockmap.testkit.record;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.bpf.btf.BtfValues;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.WriteOnlyRegion;

import java.util.Optional;

/** Reads a run's memory without being noticed: no work is charged, and nothing faults. */
final class Reading {
    private Reading() {}

    /** Bytes that a pointer points to, if all of them are there. */
    static Optional<byte[]> bytes(Memory memory, long address, long size) {
        if (size < 0 || size > Integer.MAX_VALUE) return Optional.empty();
        if (size == 0) return Optional.of(new byte[0]);
        var region = memory.find(address);
        int offset = Memory.offset(address);
        if (region.isEmpty() || offset < 0 || offset > region.get().size() - size) {
            return Optional.empty();
        }
        var readable = region.get() instanceof WriteOnlyRegion(var inner) ? inner : region.get();
        try {
            return Optional.of(readable.bytes(offset, (int) size, false).toArray(JAVA_BYTE));
        } catch (MemoryFault _) {
            return Optional.empty();
        }
    }

    /** The map that a pointer names. */
    static Optional<BpfMap> map(Memory memory, long address) {
        return memory.find(address)
                .filter(
                        region ->
                                region instanceof ObjectRegion(var _, var thing)
                                        && thing instanceof BpfMap)
                .map(region -> (BpfMap) ((ObjectRegion) region).object());
    }

    /** Bytes by their type; a type that does not fit, as that of another object, shows nothing. */
    static BtfValue value(Optional<Btf> types, int type, byte[] bytes) {
        try {
            return BtfValues.read(types, type, bytes);
        } catch (MalformedObjectException _) {
            return new BtfValue.Raw(bytes);
        }
    }

    /** A number by its type: {@code -1}, {@code true}, {@code SK_PASS}. */
    static String number(Btf types, int type, long value) {
        int size = types.sizeOf(type);
        boolean shows =
                size > 0
                        && size <= Long.BYTES
                        && switch (types.resolve(type)) {
                            case BtfType.Int _, BtfType.Enumeration _, BtfType.Struct _ -> true;
                            default -> false;
                        };
        if (!shows) return Pointers.numberText(value);
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) (value >> i * Byte.SIZE);
        return value(Optional.of(types), type, bytes).toString();
    }
}
