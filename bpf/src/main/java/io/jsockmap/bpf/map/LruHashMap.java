package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

import java.util.Collections;
import java.util.Iterator;

/**
 * BPF_MAP_TYPE_LRU_HASH: a full map makes room by dropping an element that was not used lately.
 *
 * <p>Like the kernel's, an approximation: a program's lookup only marks its element, and the search
 * for a victim goes around the elements and passes over the marked ones once.
 */
public final class LruHashMap extends HashMap {
    private static final int NO_COMMON_LRU = 1 << 1;

    private Iterator<Key> hand = Collections.emptyIterator();

    public LruHashMap(MapDefinition definition) {
        super(definition);
        if ((definition.flags() & NO_PREALLOC) != 0) {
            throw failure(Errno.ENOTSUPP, "BPF_F_NO_PREALLOC");
        }
    }

    @Override
    int allowedFlags() {
        return super.allowedFlags() | NO_COMMON_LRU;
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        while (true) {
            try {
                super.put(key, value, flag);
                return;
            } catch (MapException e) {
                if (e.errno() != Errno.E2BIG) throw e;
                makeRoom();
            }
        }
    }

    private synchronized void makeRoom() {
        // Twice around at the most: the first time may find every element marked.
        for (int round = 0; round < 3; round++) {
            if (evict(hand)) return;
            hand = hand();
        }
    }
}
