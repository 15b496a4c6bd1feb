package io.jsockmap.proxy;

import java.util.BitSet;

/** Numbers of connections: each takes the lowest that is free, and gives it back. */
final class Slots {
    private final BitSet taken = new BitSet();

    synchronized int take() {
        int slot = taken.nextClearBit(0);
        taken.set(slot);
        return slot;
    }

    synchronized void free(int slot) {
        taken.clear(slot);
    }
}
