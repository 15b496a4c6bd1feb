package io.jsockmap.bpf.map;

/**
 * A part of a map's values that programs use by helpers only.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="special"}
 *
 * @param kind what it is
 * @param offset bytes from the value's start
 */
public record SpecialField(Kind kind, int offset) {

    /** What there is, with its size in bytes. */
    public enum Kind {
        SPIN_LOCK("bpf_spin_lock", 4),
        TIMER("bpf_timer", 16);

        private final String structure;
        private final int size;

        Kind(String structure, int size) {
            this.structure = structure;
            this.size = size;
        }

        /** The name of its structure in C. */
        public String structure() {
            return structure;
        }

        /** Its bytes. */
        public int size() {
            return size;
        }
    }

    /** Whether any byte of it is among those. */
    public boolean overlaps(long from, long to) {
        return from < offset + kind.size() && offset < to;
    }
}
