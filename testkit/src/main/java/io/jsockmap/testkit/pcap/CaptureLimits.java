package io.jsockmap.testkit.pcap;

/**
 * How much of a capture may be kept in memory. A file may be as long as it likes: what is no
 * payload is read and forgotten.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="refused"}
 *
 * @param bytes payload and comments of all conversations together, in bytes; each piece counts for
 *     64 more
 * @param conversations how many there may be
 * @param heldBytes bytes of one direction that wait for others before them; where more wait, those
 *     are taken to be missing
 */
public record CaptureLimits(long bytes, int conversations, int heldBytes) {
    /** 256 MiB, 100,000 conversations, 16 MiB out of order. */
    public static final CaptureLimits DEFAULT = new CaptureLimits(256L << 20, 100_000, 16 << 20);

    public CaptureLimits {
        if (bytes < 1 || conversations < 1 || heldBytes < 1) {
            throw new IllegalArgumentException("limits are 1 or more");
        }
    }

    public CaptureLimits withBytes(long most) {
        return new CaptureLimits(most, conversations, heldBytes);
    }

    public CaptureLimits withConversations(int most) {
        return new CaptureLimits(bytes, most, heldBytes);
    }

    public CaptureLimits withHeldBytes(int most) {
        return new CaptureLimits(bytes, conversations, most);
    }
}
