package io.jsockmap.bpf.verifier.state;

/**
 * Half of a {@code struct bpf_dynptr} on the stack.
 *
 * @param kind whose memory it shows
 * @param first whether it is the half of the lower address
 * @param id what slices of it share
 * @param reference the number of the reference that must be given back, or 0
 */
public record Dynptr(Kind kind, boolean first, int id, int reference) {

    /** Whose memory. */
    public enum Kind {
        LOCAL("local"),
        RECORD("ringbuf");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The kernel's word. */
        public String word() {
            return word;
        }
    }
}
