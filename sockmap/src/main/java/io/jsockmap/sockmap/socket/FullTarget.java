package io.jsockmap.sockmap.socket;

/**
 * What becomes of bytes that a program redirects to a socket whose queue is full.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="full"}
 */
public sealed interface FullTarget {
    /** They wait, and what stands behind them: nothing more is read from their source. */
    FullTarget BLOCK = new Block();

    /** They are thrown away, and counted as dropped. */
    FullTarget DROP = new Drop();

    /** {@link #BLOCK}. */
    record Block() implements FullTarget {}

    /** {@link #DROP}. */
    record Drop() implements FullTarget {}

    /**
     * They are queued as long as the queue holds less than so many bytes, even if the socket's own
     * limit is lower; then they wait.
     *
     * @param bytes the limit, at least 1
     */
    record Queue(long bytes) implements FullTarget {
        public Queue {
            if (bytes <= 0)
                throw new IllegalArgumentException("a queue of %d bytes".formatted(bytes));
        }
    }
}
