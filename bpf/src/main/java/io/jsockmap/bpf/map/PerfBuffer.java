package io.jsockmap.bpf.map;

import java.util.Optional;

/**
 * The buffer of one CPU, as an application reads it. A record that does not fit is lost and
 * counted. May be used from any thread.
 *
 * {@snippet class="io.jsockmap.bpf.examples.EventExamples" region="perf"}
 */
public interface PerfBuffer extends AutoCloseable {

    /** The CPU whose programs write it. */
    int cpu();

    /** The next record, which is taken out. */
    Optional<byte[]> poll();

    /**
     * The next record; waits for one.
     *
     * @throws MapException EBADF if it is closed and there is none
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    byte[] take() throws InterruptedException;

    /** How many records did not fit so far, as far as it was told. */
    long lost();

    /** Takes no more records; those that are there can still be read. Wakes who waits for more. */
    @Override
    void close();
}
