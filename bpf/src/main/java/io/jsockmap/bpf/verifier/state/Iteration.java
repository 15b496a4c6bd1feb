package io.jsockmap.bpf.verifier.state;

/**
 * The state of an open-coded iterator on the stack.
 *
 * @param word its kind, {@code num}
 * @param drained whether it has given its last element
 * @param depth how many elements were asked for on this path
 * @param reference the number of the reference that must be given back
 */
public record Iteration(String word, boolean drained, int depth, int reference) {

    /** Another element was asked for. */
    public Iteration next() {
        return new Iteration(word, drained, depth + 1, reference);
    }

    /** The last element was given. */
    public Iteration end() {
        return new Iteration(word, true, depth, reference);
    }
}
