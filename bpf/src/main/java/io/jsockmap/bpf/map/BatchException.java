package io.jsockmap.bpf.map;

import io.jsockmap.bpf.BpfException;

/**
 * A batch that ended at an element that the map refuses; what came before it is done.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="batch"}
 */
public final class BatchException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final int done;

    public BatchException(MapException cause, int done, int count) {
        super(
                cause.errno(),
                "%s (after %d of %d elements)".formatted(cause.explanation(), done, count),
                cause);
        this.done = done;
    }

    /** How many elements were done before. */
    public int done() {
        return done;
    }
}
