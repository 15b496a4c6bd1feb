package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.CallTrait.ACQUIRES;
import static io.jsockmap.bpf.program.CallTrait.CALLS_BACK_ELEMENTS;
import static io.jsockmap.bpf.program.CallTrait.GPL_ONLY;
import static io.jsockmap.bpf.program.CallTrait.PACKET_ARGUMENTS;
import static io.jsockmap.bpf.program.CallTrait.RELEASES;
import static io.jsockmap.bpf.program.Helper.Argument.CALLBACK_CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.FUNCTION;
import static io.jsockmap.bpf.program.Helper.Argument.KEY;
import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.MEMORY_SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.READABLE;
import static io.jsockmap.bpf.program.Helper.Argument.RECORD;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE_OR_ZERO;
import static io.jsockmap.bpf.program.Helper.Argument.SOCKET;
import static io.jsockmap.bpf.program.Helper.Argument.VALUE;
import static io.jsockmap.bpf.program.Helper.Argument.VALUE_OR_NULL;
import static io.jsockmap.bpf.program.Helper.Argument.VALUE_TO_FILL;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BloomFilterMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.KeylessMap;
import io.jsockmap.bpf.map.PercpuMap;
import io.jsockmap.bpf.map.PerfEventArrayMap;
import io.jsockmap.bpf.map.RingBufferMap;
import io.jsockmap.bpf.map.RingRecord;
import io.jsockmap.bpf.map.SkStorageMap;
import io.jsockmap.bpf.map.StorageOwner;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.memory.PacketBytes;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.HelperFunction;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.Run;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Helpers for maps that are more than keys and values (bpf-helpers(7)). */
public final class MapHelpers {
    private static final long INDEX_MASK = 0xffff_ffffL;

    /** BPF_F_CTXLEN_MASK: how many bytes of the packet to append. */
    private static final long PACKET_MASK = 0xfffffL << 32;

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    /** What every type of program has. */
    public static final List<Helper> ALL =
            List.of(
                    row(
                                    25,
                                    MapHelpers::perfOutput,
                                    Result.NUMBER,
                                    CONTEXT,
                                    MAP,
                                    NUMBER,
                                    READABLE,
                                    SIZE_OR_ZERO)
                            .with(GPL_ONLY),
                    row(87, MapHelpers::push, Result.NUMBER, MAP, VALUE, NUMBER)
                            .with(PACKET_ARGUMENTS),
                    row(88, MapHelpers::pop, Result.NUMBER, MAP, VALUE_TO_FILL),
                    row(89, MapHelpers::peek, Result.NUMBER, MAP, VALUE_TO_FILL),
                    row(
                            130,
                            MapHelpers::ringOutput,
                            Result.NUMBER,
                            MAP,
                            READABLE,
                            SIZE_OR_ZERO,
                            NUMBER),
                    row(
                                    131,
                                    MapHelpers::ringReserve,
                                    Result.RECORD_OR_NULL,
                                    MAP,
                                    MEMORY_SIZE,
                                    NUMBER)
                            .with(ACQUIRES),
                    row(132, MapHelpers::ringSubmit, Result.NOTHING, RECORD, NUMBER).with(RELEASES),
                    row(133, MapHelpers::ringDiscard, Result.NOTHING, RECORD, NUMBER)
                            .with(RELEASES),
                    row(134, MapHelpers::ringQuery, Result.NUMBER, MAP, NUMBER),
                    row(
                                    164,
                                    MapHelpers::forEach,
                                    Result.NUMBER,
                                    MAP,
                                    FUNCTION,
                                    CALLBACK_CONTEXT,
                                    NUMBER)
                            .with(CALLS_BACK_ELEMENTS),
                    row(195, MapHelpers::lookupPercpu, Result.VALUE_OR_NULL, MAP, KEY, NUMBER)
                            .with(PACKET_ARGUMENTS));

    /** Values that live with a socket: for programs that run on behalf of one. */
    public static final List<Helper> STORAGE =
            List.of(
                    row(
                            107,
                            MapHelpers::storageGet,
                            Result.VALUE_OR_NULL,
                            MAP,
                            SOCKET,
                            VALUE_OR_NULL,
                            NUMBER),
                    row(108, MapHelpers::storageDelete, Result.NUMBER, MAP, SOCKET));

    private MapHelpers() {}

    private static Helper row(
            int number, HelperFunction function, Result result, Helper.Argument... arguments) {
        return Helper.of(number, function, result, arguments);
    }

    /** The map of a pointer, which must be of a kind that the helper is for. */
    static <M> M map(Run run, long address, Class<M> kind, int helper) {
        var map = run.map(address);
        if (kind.isInstance(map)) return kind.cast(map);
        throw wrongKind(map, helper);
    }

    /** The kernel refuses to load such a program. */
    private static MemoryFault wrongKind(BpfMap map, int helper) {
        return new MemoryFault(
                "map " + map.name(),
                0,
                0,
                "cannot pass map_type %d (%s) into func %s#%d"
                        .formatted(
                                map.definition().type(),
                                map.definition().typeName(),
                                HelperNames.of(helper),
                                helper));
    }

    // --- Queues, stacks, bloom filters -----------------------------------------------------------

    private static long push(Run run, long[] a) {
        var map = map(run, a[0], KeylessMap.class, 87);
        var value = run.memory().readable(a[1], run.map(a[0]).valueSize());
        return map.pushFromProgram(value.toArray(JAVA_BYTE), a[2]);
    }

    private static long pop(Run run, long[] a) {
        var map = map(run, a[0], KeylessMap.class, 88);
        return map.popFromProgram(run.memory().writable(a[1], run.map(a[0]).valueSize()));
    }

    private static long peek(Run run, long[] a) {
        var map = map(run, a[0], KeylessMap.class, 89);
        int size = run.map(a[0]).valueSize();
        // A bloom filter is asked for the value, and gives none.
        boolean asked = map instanceof BloomFilterMap;
        return map.peekFromProgram(
                asked ? run.memory().readable(a[1], size) : run.memory().writable(a[1], size));
    }

    // --- Elements --------------------------------------------------------------------------------

    private static long lookupPercpu(Run run, long[] a) {
        var map = map(run, a[0], PercpuMap.class, 195);
        long cpu = a[2] & INDEX_MASK;
        if (cpu >= Cpu.COUNT) return 0;
        var key = run.memory().readable(a[1], run.map(a[0]).keySize()).toArray(JAVA_BYTE);
        return address(run, map.lookupFromProgram(key, (int) cpu));
    }

    private static long address(Run run, Region region) {
        return region == null ? 0 : run.memory().addressOf(region);
    }

    private static long forEach(Run run, long[] a) {
        var map = run.map(a[0]);
        var elements = map.elementsFromProgram().orElseThrow(() -> wrongKind(map, 164));
        if (a[3] != 0) return Errno.EINVAL.negative();
        // One place for the keys of all elements: a program may not keep a pointer to one.
        var key = ByteRegion.allocate("key of map " + map.name(), map.keySize());
        var seenKey = key.readOnly();
        long keyAddress = run.memory().addressOf(seenKey);
        long visited = 0;
        while (elements.hasNext()) {
            var element = elements.next();
            key.segment().copyFrom(MemorySegment.ofArray(element.key()));
            visited++;
            if (callForElement(run, a, keyAddress, element.value()) != 0) break;
        }
        run.memory().revoke(seenKey);
        return visited;
    }

    /**
     * The program may keep a pointer to the value; but a run that reaches much already keeps only
     * that of the element at which it stops.
     */
    private static long callForElement(Run run, long[] a, long key, Region value) {
        var memory = run.memory();
        boolean passing = memory.isCrowded() && !memory.reaches(value);
        long result = run.call(a[1], a[0], key, memory.addressOf(value), a[2]);
        if (passing && result == 0) memory.revoke(value);
        return result;
    }

    // --- Records for applications ----------------------------------------------------------------

    private static long ringOutput(Run run, long[] a) {
        var ring = map(run, a[0], RingBufferMap.class, 130);
        return ring.output(bytes(run, a[1], a[2]), a[3]);
    }

    private static MemorySegment bytes(Run run, long address, long size) {
        return size == 0 ? NOTHING : run.memory().readable(address, size);
    }

    private static long ringReserve(Run run, long[] a) {
        var ring = map(run, a[0], RingBufferMap.class, 131);
        return address(run, ring.reserve(a[1], a[2]));
    }

    private static long ringSubmit(Run run, long[] a) {
        release(run, a[0]).submit(a[1]);
        return 0;
    }

    private static long ringDiscard(Run run, long[] a) {
        release(run, a[0]).discard(a[1]);
        return 0;
    }

    /** The record of a pointer, which reaches nothing from now on. */
    private static RingRecord release(Run run, long address) {
        var record = run.memory().regionAt(address, RingRecord.class, "a record of a ring buffer");
        run.memory().revoke(record);
        return record;
    }

    private static long ringQuery(Run run, long[] a) {
        return map(run, a[0], RingBufferMap.class, 134).query(a[1]);
    }

    private static long perfOutput(Run run, long[] a) {
        var map = map(run, a[1], PerfEventArrayMap.class, 25);
        long flags = a[2];
        var packet = NOTHING;
        if ((flags & PACKET_MASK) != 0) {
            var context = run.memory().regionAt(a[0], Region.class, "a context");
            if (!(context instanceof ContextRegion<?> region)
                    || !(region.context() instanceof PacketBytes of)) {
                return Errno.EINVAL.negative();
            }
            long size = (flags & PACKET_MASK) >> Integer.SIZE;
            if ((flags & ~(PACKET_MASK | INDEX_MASK)) != 0) return Errno.EINVAL.negative();
            packet = of.packetBytes();
            if (size > packet.byteSize()) return Errno.EFAULT.negative();
            packet = packet.asSlice(0, size);
            run.memory().charge(size / Long.BYTES);
            flags &= ~PACKET_MASK;
        }
        return map.output(flags, bytes(run, a[3], a[4]), packet);
    }

    // --- Storage of sockets ----------------------------------------------------------------------

    private static long storageGet(Run run, long[] a) {
        var map = map(run, a[0], SkStorageMap.class, 107);
        if (a[1] == 0) return 0;
        var owner = run.context(a[1], StorageOwner.class);
        var initial =
                a[2] == 0 ? null : run.memory().readable(a[2], map.valueSize()).toArray(JAVA_BYTE);
        return address(run, map.getFromProgram(owner, initial, a[3]));
    }

    private static long storageDelete(Run run, long[] a) {
        var map = map(run, a[0], SkStorageMap.class, 108);
        if (a[1] == 0) return Errno.EINVAL.negative();
        return map.deleteFromProgram(run.context(a[1], StorageOwner.class));
    }
}
