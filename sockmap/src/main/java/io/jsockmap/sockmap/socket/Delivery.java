package io.jsockmap.sockmap.socket;

/**
 * How much of a message a program sees at once, and where streams are cut: the kernel promises
 * little of either. A program that only works under {@link #WHOLE} relies on luck.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="settings"}
 */
public enum Delivery {
    /** Everything that is there can be read directly, in pieces as they were read. */
    WHOLE {
        @Override
        int linear(SocketKind kind, int length) {
            return length;
        }

        @Override
        int longestPiece() {
            return Integer.MAX_VALUE;
        }

        @Override
        int longestElement() {
            return SkMsg.MAX_SIZE;
        }
    },

    /**
     * As Linux has it over loopback: received TCP bytes can't be read directly before they are
     * pulled; a sent message shows its first element, of 32 KiB at most.
     */
    KERNEL {
        private static final int PAGE = 4096;
        private static final int LARGEST_LINEAR_DATAGRAM = 16384;

        // SKB_MAX_ALLOC: what lies beyond goes to whole pages.
        private static final int LARGEST_HEAD = 16064;

        @Override
        int linear(SocketKind kind, int length) {
            return switch (kind) {
                case UNIX_STREAM -> length <= PAGE ? length : length % PAGE;
                case UDP -> length <= LARGEST_LINEAR_DATAGRAM ? length : 0;
                case UNIX_DATAGRAM -> length - pages(length - LARGEST_HEAD);
                case TCP, VSOCK_STREAM, VSOCK_SEQPACKET -> 0;
            };
        }

        private static int pages(int bytes) {
            return bytes <= 0 ? 0 : (bytes + PAGE - 1) / PAGE * PAGE;
        }

        @Override
        int longestPiece() {
            return 32741;
        }

        @Override
        int longestElement() {
            return SkMsg.ELEMENT_SIZE;
        }
    },

    /**
     * As little as is legal: no received byte can be read directly, of a sent message the first;
     * streams come byte by byte.
     */
    HOSTILE {
        @Override
        int linear(SocketKind kind, int length) {
            return 0;
        }

        @Override
        int longestPiece() {
            return 1;
        }

        @Override
        int longestElement() {
            return 0;
        }
    };

    /** How many bytes of a received message of that length can be read without pulling them. */
    abstract int linear(SocketKind kind, int length);

    /** The most bytes of a stream that a verdict without a parser sees at once. */
    abstract int longestPiece();

    /** The most bytes that an element of a sent message takes as they are; 0 if it takes none. */
    abstract int longestElement();
}
