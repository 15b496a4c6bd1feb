package io.jsockmap.bpf.compiler.runtime;

import java.util.Arrays;

/** Arrays that are needed one inside of the other, and used again and again. */
final class Rows {
    private final int length;
    private long[][] rows = {};
    private int used;
    private long[] last;

    /**
     * @param length numbers of an array
     */
    Rows(int length) {
        this.length = length;
    }

    /** The next one, as it was left. */
    long[] enter() {
        if (used == rows.length) {
            rows = Arrays.copyOf(rows, used + 1);
            rows[used] = new long[length];
        }
        last = rows[used++];
        return last;
    }

    /** The one that was entered last. */
    long[] last() {
        return last;
    }

    /** Leaves it. */
    void leave() {
        leaveTo(used - 1);
    }

    /** Leaves all but so many. */
    void leaveTo(int count) {
        used = count;
        last = count == 0 ? null : rows[count - 1];
    }
}
