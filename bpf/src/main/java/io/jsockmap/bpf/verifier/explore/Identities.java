package io.jsockmap.bpf.verifier.explore;

import java.util.Arrays;

/**
 * Which identity of an old state is which of a new one. Numbers differ from path to path; what
 * counts is that the same things are the same.
 */
final class Identities {
    private int[] old = new int[64];
    private int[] now = new int[64];
    private int count;
    private int fresh;

    void clear() {
        count = 0;
        fresh = 0;
    }

    /** Whether one identity may be the other, which it is from now on. None is only none. */
    boolean match(int a, int b) {
        if (a == 0 || b == 0) return a == b;
        for (int i = 0; i < count; i++) {
            if (old[i] == a) return now[i] == b;
            if (now[i] == b) return false;
        }
        add(a, b);
        return true;
    }

    /**
     * The same for numbers: one that moved with no other in the old state may do so in the new; one
     * that moved with others must. A number without an identity is one of its own.
     */
    boolean matchLink(int a, int b) {
        if (a == 0) return true;
        return match(a, b == 0 ? --fresh : b);
    }

    private void add(int a, int b) {
        if (count == old.length) {
            old = Arrays.copyOf(old, 2 * count);
            now = Arrays.copyOf(now, 2 * count);
        }
        old[count] = a;
        now[count] = b;
        count++;
    }
}
