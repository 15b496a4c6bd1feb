package io.jsockmap.bpf.map;

import java.util.Optional;

/**
 * Records from programs, as an application reads them from a ring buffer.
 *
 * {@snippet class="io.jsockmap.bpf.examples.EventExamples" region="ring"}
 */
public interface RingBuffer {

    /** The next record, which is taken out; empty if there is none, or it is not submitted yet. */
    Optional<byte[]> poll();

    /**
     * The next record; waits for one. A record that was submitted with BPF_RB_NO_WAKEUP is found
     * with the next one that is without.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    byte[] take() throws InterruptedException;
}
