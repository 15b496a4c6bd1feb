package io.jsockmap.testkit.pcap;

import java.io.IOException;

/** What may still be kept in memory of a file. */
final class Budget {
    /** What a piece costs beside its bytes. */
    private static final int PIECE = 64;

    private final CaptureLimits limits;
    private final String file;
    private long bytes;
    private int conversations;

    /**
     * @param file what it is called in errors
     */
    Budget(CaptureLimits limits, String file) {
        this.limits = limits;
        this.file = file;
    }

    int heldBytes() {
        return limits.heldBytes();
    }

    /** Keeps bytes. */
    void take(int count) throws IOException {
        bytes += count + PIECE;
        if (bytes <= limits.bytes()) return;
        throw new IOException(
                "%s: its conversations have more than %,d bytes: take a part of it, as by editcap"
                        .formatted(file, limits.bytes()));
    }

    /** Gives bytes back that were kept for a while. */
    void giveBack(int count) {
        bytes -= count + PIECE;
    }

    void takeConversation() throws IOException {
        if (conversations++ < limits.conversations()) return;
        throw new IOException(
                "%s: it has more than %,d conversations: take a part of it, as by editcap"
                        .formatted(file, limits.conversations()));
    }
}
