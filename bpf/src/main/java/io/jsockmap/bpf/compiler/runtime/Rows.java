package io.jsockmap.bpf.compiler.runtime;

import java.util.Arrays;

/** Arrays that are needed one inside of the other, and used again and again. */
final class Rows {
    private final int length;
    private long[][] rows = {};
    private int used;

    /**
     * @param length numbers of an array
     */
    Rows(int length) {
        this.length = length;
    }

    /** The next one, as it was left. */
    long[] enter() {
        if (used == rows.length) {
            var row = new long[length];
            rows = Arrays.copyOf(rows, used + 1);
            rows[used] = row;
        }
        return rows[used++];
    }

    /** The one that was entered last. */
    long[] last() {
        return rows[used - 1];
    }

    /** Leaves it. */
    void leave() {
        used--;
    }

    /** Leaves all but so many. */
    void leaveTo(int count) {
        used = count;
    }
}
