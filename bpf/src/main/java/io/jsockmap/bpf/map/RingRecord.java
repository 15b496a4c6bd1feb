package io.jsockmap.bpf.map;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.HeldRegion;

/**
 * A record of a ring buffer that is reserved. The program that reserved it writes it, on one
 * thread, and then submits or discards it; a second time does nothing.
 *
 * {@snippet class="io.jsockmap.bpf.examples.EventExamples" region="ring"}
 */
public final class RingRecord extends HeldRegion {
    private final RingBufferMap ring;
    private final int at;
    private boolean open = true;

    RingRecord(RingBufferMap ring, int at, ByteRegion memory) {
        super(memory);
        this.ring = ring;
        this.at = at;
    }

    /** {@code bpf_ringbuf_submit}: the application can read it now. */
    public void submit(long flags) {
        commit(false, flags);
    }

    /** {@code bpf_ringbuf_discard}: the application will not see it. */
    public void discard(long flags) {
        commit(true, flags);
    }

    /** Discards what a program left behind, which would hold back all records after it. */
    @Override
    public void runEnded() {
        discard(0);
    }

    private void commit(boolean discarded, long flags) {
        if (!open) return;
        open = false;
        ring.commit(this, discarded, flags);
    }

    int at() {
        return at;
    }
}
