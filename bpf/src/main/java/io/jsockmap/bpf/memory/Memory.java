package io.jsockmap.bpf.memory;

import io.jsockmap.bpf.insn.AtomicOp;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that one run of a program can reach.
 *
 * <p>A pointer has the number of a region in its upper half and the offset, plus 2^31, in its
 * lower: so a step of up to 2 GiB to either side of a region still names that region, and is
 * refused with its name. Zero is no pointer. The numbers of the context, the first packet, the
 * stacks and of what a program's immediates refer to are the same in every run; the others mean
 * nothing in another one.
 *
 * <p>Runs may use one memory after the other: {@link #runEnded} makes it as new.
 */
public final class Memory {
    private static final long BIAS = 1L << 31;

    private static final int CONTEXT = 1;
    private static final int PACKET = 2;
    private static final int STACKS = 3;
    private static final int FRAMES = 8;
    private static final int FIRST = STACKS + FRAMES;

    /** More than any program has use for: a hostile one would fill the heap. */
    private static final int MAX_REGIONS = 1 << 20;

    /** The numbers of constants begin here, behind those of all other regions. */
    private static final int CONSTANTS = 1 << 30;

    /** Bytes of the regions that a run may reach in all; it keeps them alive until it ends. */
    private static final long MAX_BYTES = 1L << 28;

    /** Names of revoked regions that a run keeps to say what they were. */
    private static final int MAX_NAMES = 1 << 10;

    /** Up to so many regions are looked through one by one, which is faster than a table. */
    private static final int FEW = 32;

    /** Bytes that a helper goes through in the time of an instruction, about. */
    private static final int BYTES_PER_INSTRUCTION = 8;

    private static final Region GONE = new Revoked("memory");
    private static final Region[] NONE = {};
    private static final ByteRegion NO_PACKET =
            ByteRegion.of("no packet", MemorySegment.ofArray(new byte[0]));

    private final Map<String, Region> gone = new HashMap<>();
    private final IdentityHashMap<Region, Integer> numbers = new IdentityHashMap<>();
    private final Set<HeldRegion> held = new LinkedHashSet<>();
    private Region[] regions = new Region[FEW];
    private Region[] constants = NONE;
    private int end = FIRST;

    /** Whether nothing was reached that the end of the run must look after. */
    private boolean isPlain = true;

    private int live;
    private ByteRegion packet = NO_PACKET;
    private int packets;
    private long packetAddress = addressOf(PACKET);
    private long bytes;
    private long work;

    /** The address of the first byte of the region that is to have that constant's number. */
    public static long constantAddress(int place) {
        return addressOf(CONSTANTS + place);
    }

    private static long addressOf(int number) {
        return (long) number << 32 | BIAS;
    }

    /** What the immediates of the program that runs now refer to, by their places. */
    @SuppressWarnings("ReferenceEquality")
    public void setConstants(Region[] constants) {
        if (this.constants != constants) this.constants = constants;
    }

    /** Makes the run's context reachable, and gives its address. */
    public long enterContext(Region context) {
        place(CONTEXT, context);
        return addressOf(CONTEXT);
    }

    /** What was made reachable so. */
    public Region context() {
        return regions[CONTEXT];
    }

    /** Makes the stack of a frame reachable, and gives the address of its first byte. */
    public long enterFrame(int depth, Region stack) {
        if (depth >= FRAMES) return addressOf(stack);
        place(STACKS + depth, stack);
        return addressOf(STACKS + depth);
    }

    /** A store costs the garbage collector; mostly the region is there from the run before. */
    @SuppressWarnings("ReferenceEquality")
    private void place(int number, Region region) {
        if (regions[number] != region) regions[number] = region;
        if (end > FEW) numbers.put(region, number);
    }

    /**
     * Makes bytes of a packet reachable, and gives the address of the first of them.
     *
     * @param seen the bytes
     * @throws IllegalStateException if they are not in an {@linkplain ByteRegion#array array}
     */
    public long enterPacket(ByteRegion seen) {
        if (packets > 0 && packet == seen) return packetAddress;
        if (packet != seen) seen.array();
        if (packets++ == 0) {
            place(PACKET, seen);
            packetAddress = addressOf(PACKET);
        } else {
            packetAddress = addressOf(seen);
        }
        if (packet != seen) packet = seen;
        return packetAddress;
    }

    /** The packet's bytes that were made reachable last. */
    public ByteRegion packet() {
        return packet;
    }

    /** The address of the first of them. */
    public long packetAddress() {
        return packetAddress;
    }

    /**
     * The address of a region's first byte; the region is reachable from now on.
     *
     * @throws MemoryFault if the run reaches a million regions, or 256 MiB, already
     */
    public long addressOf(Region region) {
        int number = numberOf(region);
        return addressOf(number > 0 ? number : add(region));
    }

    /** The address of what a map has; it is no context, packet or stack. */
    @SuppressWarnings("ReferenceEquality")
    public long enterValue(Region value) {
        if (end > FEW) return addressOf(value);
        for (int number = FIRST; number < end; number++) {
            if (regions[number] == value) return addressOf(number);
        }
        return addressOf(add(value));
    }

    /** 0 if the region is not reachable: another one that is equal is another place. */
    @SuppressWarnings("ReferenceEquality")
    private int numberOf(Region region) {
        if (end > FEW) return numbers.getOrDefault(region, 0);
        for (int number = FIRST; number < end; number++) {
            if (regions[number] == region) return number;
        }
        for (int number = CONTEXT; number < FIRST; number++) {
            if (regions[number] == region && isThere(number)) return number;
        }
        return 0;
    }

    /** Whether a region of that number belongs to this run, and not to the one before. */
    private boolean isThere(int number) {
        return number != PACKET || packets > 0;
    }

    @SuppressWarnings("ReferenceEquality")
    private int add(Region region) {
        if (live >= MAX_REGIONS) {
            throw region.fault(
                    0, 0, "more than %d pieces of memory in one run".formatted(MAX_REGIONS));
        }
        bytes += region.size();
        if (bytes > MAX_BYTES) {
            throw region.fault(0, 0, "more than %d bytes in one run".formatted(MAX_BYTES));
        }
        if (end == FEW) enterAll();
        isPlain &= end < FEW && !(region instanceof HeldRegion);
        if (end == regions.length) regions = Arrays.copyOf(regions, 2 * end);
        if (regions[end] != region) regions[end] = region;
        if (end >= FEW) numbers.put(region, end);
        if (region instanceof HeldRegion other) held.add(other);
        live++;
        return end++;
    }

    private void enterAll() {
        for (int number = CONTEXT; number < end; number++) {
            if (regions[number] != null && isThere(number)) numbers.put(regions[number], number);
        }
    }

    /**
     * Ends the run: lets go what the program still holds, and forgets all. What it reached stays in
     * place, though nothing reaches it: the next run may well be on the same.
     */
    public void runEnded() {
        if (packets > 0) {
            packets = 0;
            packetAddress = addressOf(PACKET);
        }
        if (end > FIRST) {
            end = FIRST;
            live = 0;
            bytes = 0;
        }
        work = 0;
        if (!isPlain) clear();
    }

    private void clear() {
        var left = List.copyOf(held);
        held.clear();
        numbers.clear();
        gone.clear();
        regions = new Region[FEW];
        isPlain = true;
        left.forEach(HeldRegion::runEnded);
    }

    /** Takes a region away: pointers into it, which the program may still have, reach nothing. */
    public void revoke(Region region) {
        int number = numberOf(region);
        if (number == 0) return;
        isPlain = false;
        if (number >= FIRST) {
            bytes -= region.size();
            live--;
        }
        numbers.remove(region);
        if (region instanceof HeldRegion other) held.remove(other);
        regions[number] = revoked(region.name());
    }

    private Region revoked(String name) {
        return gone.size() < MAX_NAMES || gone.containsKey(name)
                ? gone.computeIfAbsent(name, Revoked::new)
                : GONE;
    }

    /** Whether the run can reach a region already. */
    public boolean reaches(Region region) {
        return numberOf(region) > 0;
    }

    /** Whether the run reaches half of what it may, so that it should let go what it can. */
    public boolean isCrowded() {
        return live > MAX_REGIONS / 2 || bytes > MAX_BYTES / 2;
    }

    /** Reads an unsigned number of 1, 2, 4 or 8 bytes. */
    public long load(long address, int size) {
        var region = regionAt(address, size);
        return region.load(this, checkedOffset(region, address, size), size);
    }

    /** Writes a number of 1, 2, 4 or 8 bytes. */
    public void store(long address, int size, long value) {
        var region = regionAt(address, size);
        region.store(this, checkedOffset(region, address, size), size, value);
    }

    /** An atomic operation on 4 or 8 bytes (1 and 2 for load-acquire and store-release). */
    public long atomic(long address, int size, AtomicOp op, long operand, long expected) {
        var region = regionAt(address, size);
        int offset = checkedOffset(region, address, size);
        return region.atomic(this, offset, size, op, operand, expected);
    }

    /** {@link #atomic} for the operation that programs count with. */
    public long fetchAdd(long address, int size, long operand) {
        var region = regionAt(address, size);
        int offset = checkedOffset(region, address, size);
        return region instanceof ByteRegion bytes && bytes.takesAtomics(offset, size)
                ? bytes.fetchAdd(offset, size, operand)
                : region.atomic(this, offset, size, AtomicOp.FETCH_ADD, operand, 0);
    }

    /** Bytes that a helper reads. */
    public MemorySegment readable(long address, long size) {
        return bytes(address, size, false);
    }

    /** Bytes that a helper writes. */
    public MemorySegment writable(long address, long size) {
        return bytes(address, size, true);
    }

    /**
     * Copies bytes to where a pointer points, as a helper does that reads for a program.
     *
     * @param from where they are
     * @param offset of the first of them
     */
    public void write(long address, long size, MemorySegment from, long offset) {
        if (size == 0) return;
        checkSize(size);
        var region = regionAt(address, (int) size);
        int at = checkedOffset(region, address, (int) size);
        var to =
                region instanceof ByteRegion bytes
                        ? bytes.writable()
                        : region.bytes(0, region.size(), true);
        MemorySegment.copy(from, offset, to, at, size);
    }

    /** Writes zeros to where a pointer points. */
    public void clear(long address, long size) {
        if (size == 0) return;
        writable(address, size).fill((byte) 0);
    }

    /** Checks a size that a program gave, and counts the work of going through so many bytes. */
    private void checkSize(long size) {
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw new MemoryFault("memory", 0, 0, "a size of " + size);
        }
        work += size / BYTES_PER_INSTRUCTION;
    }

    private MemorySegment bytes(long address, long size, boolean write) {
        if (size == 0) return MemorySegment.NULL;
        checkSize(size);
        var region = regionAt(address, (int) size);
        return region.bytes(checkedOffset(region, address, (int) size), (int) size, write);
    }

    /**
     * All bytes of the plain memory that a pointer names; the pointer's place in them is its {@link
     * #offset}, which nobody has checked.
     *
     * @param write whether they are to be written
     */
    public MemorySegment plain(long address, boolean write) {
        int number = number(address);
        if (number >= 0 && number < end && regions[number] instanceof ByteRegion some) {
            return some.window();
        }
        return otherPlain(address, write);
    }

    private MemorySegment otherPlain(long address, boolean write) {
        var region = regionAt(address, 0);
        if (region instanceof ByteRegion some) return some.window();
        return region.bytes(0, region.size(), write);
    }

    /** Counts work of a helper, in instructions. */
    public void charge(long instructions) {
        work += instructions;
    }

    /** How many instructions' worth of work helpers have done so far. */
    public long work() {
        return work;
    }

    /** The region that a number names if it is taken for a pointer, for who looks on. */
    public Optional<Region> find(long address) {
        int number = number(address);
        if (number > 0 && number < end && regions[number] != null && isThere(number)) {
            return Optional.of(regions[number]);
        }
        int constant = number - CONSTANTS;
        boolean isConstant = constant >= 0 && constant < constants.length;
        return isConstant ? Optional.ofNullable(constants[constant]) : Optional.empty();
    }

    /**
     * The region that a pointer to its very start names.
     *
     * @throws MemoryFault if it is another kind of thing, or the pointer was moved
     */
    public <T extends Region> T regionAt(long address, Class<T> kind, String expected) {
        var region = regionOf(address, kind, expected);
        if (offset(address) != 0) {
            throw region.fault(offset(address), 0, "a pointer that was moved is not " + expected);
        }
        return region;
    }

    /**
     * The region that a pointer names, wherever in it it points to.
     *
     * @throws MemoryFault if it is another kind of thing
     */
    public <T extends Region> T regionOf(long address, Class<T> kind, String expected) {
        var region = regionAt(address, 0);
        if (!kind.isInstance(region)) throw region.fault(0, 0, "is not " + expected);
        return kind.cast(region);
    }

    /**
     * Where in plain memory a pointer points to; so many bytes from there are inside.
     *
     * @throws MemoryFault if they are not, or the pointer is to another kind of thing
     */
    public Place place(long address, int size) {
        var region = regionAt(address, size);
        int offset = checkedOffset(region, address, size);
        if (region instanceof ByteRegion bytes) return new Place(bytes, offset);
        throw region.fault(offset, size, "is not plain memory");
    }

    /**
     * A place in plain memory.
     *
     * @param region the region
     * @param offset bytes from its start
     */
    public record Place(ByteRegion region, int offset) {}

    private Region regionAt(long address, int size) {
        int number = number(address);
        if (number > 0 && number < end && regions[number] != null && isThere(number)) {
            return regions[number];
        }
        int constant = number - CONSTANTS;
        if (constant >= 0 && constant < constants.length) return constants[constant];
        throw address == 0
                ? new MemoryFault("a null pointer", 0, size, "points nowhere")
                : new MemoryFault("0x%x".formatted(address), 0, size, "is not a pointer");
    }

    private static int checkedOffset(Region region, long address, int size) {
        int offset = offset(address);
        if (offset < 0 || offset > region.size() - size) {
            throw region.fault(offset, size, "outside of its %d bytes".formatted(region.size()));
        }
        return offset;
    }

    private static int number(long address) {
        return (int) (address >>> 32);
    }

    /** Where in its region a pointer points to, in bytes from the first. */
    public static int offset(long address) {
        return (int) (address - BIAS);
    }
}
