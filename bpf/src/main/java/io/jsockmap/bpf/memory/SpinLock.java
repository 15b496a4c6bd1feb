package io.jsockmap.bpf.memory;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The spin lock that one run holds, or none: {@code bpf_spin_lock}. What excludes other runs is the
 * place of the lock's bytes, through whatever region it is reached; what the bytes are does not
 * matter, so a program that overwrites them harms nobody.
 */
public final class SpinLock {
    /** Bytes of a {@code struct bpf_spin_lock}. */
    private static final int SIZE = Integer.BYTES;

    /** What is held; whoever waits does so for the end of what it found here. */
    private static final ConcurrentMap<Place, CompletableFuture<Void>> HELD =
            new ConcurrentHashMap<>();

    private final Memory memory;
    private Place place;
    private CompletableFuture<Void> held;

    public SpinLock(Memory memory) {
        this.memory = memory;
    }

    /** Whether the run holds a lock. */
    public boolean isHeld() {
        return held != null;
    }

    /**
     * Takes a lock as soon as no other run holds it. Waiting parks the thread; the holder's run
     * ends, so it comes to an end.
     *
     * @throws MemoryFault if the run holds a lock already, or this is no place for one
     */
    public void lock(long address) {
        var bytes = memory.writable(address, SIZE);
        if (isHeld()) throw fault("a second lock: release the first before");
        if (bytes.address() % SIZE != 0) throw fault("is not aligned");
        var wanted = Place.of(bytes);
        var mine = new CompletableFuture<Void>();
        while (true) {
            var other = HELD.putIfAbsent(wanted, mine);
            if (other == null) break;
            other.join();
        }
        place = wanted;
        held = mine;
    }

    /**
     * Releases the lock.
     *
     * @throws MemoryFault if the run does not hold that one
     */
    public void unlock(long address) {
        boolean same = isHeld() && Place.of(memory.writable(address, SIZE)).equals(place);
        if (!same) throw fault("is not the one that is held");
        release();
    }

    /** Releases what is held, if anything. */
    public void release() {
        if (!isHeld()) return;
        HELD.remove(place);
        held.complete(null);
        held = null;
    }

    private static MemoryFault fault(String problem) {
        return new MemoryFault("a spin lock", 0, SIZE, problem);
    }

    /** An array is equal to itself only; memory outside of the heap has an address and no array. */
    private record Place(Object array, long offset) {
        static Place of(MemorySegment bytes) {
            return new Place(bytes.heapBase().orElse(null), bytes.address());
        }
    }
}
