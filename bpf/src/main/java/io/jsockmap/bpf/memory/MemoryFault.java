package io.jsockmap.bpf.memory;

/** An access that a program may not make. Ends its run and nothing else. */
public final class MemoryFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String region;
    private final long offset;

    public MemoryFault(String region, long offset, int size, String problem) {
        // Part of the ordinary life of a hostile program: the Java stack tells nothing.
        super(
                "%d bytes at offset %d of %s: %s".formatted(size, offset, region, problem),
                null,
                false,
                false);
        this.region = region;
        this.offset = offset;
    }

    /** The region's name. */
    public String region() {
        return region;
    }

    /** Where in the region, in bytes; may lie outside of it. */
    public long offset() {
        return offset;
    }
}
