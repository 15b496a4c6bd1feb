package io.jsockmap.control;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Optional;

/** Lines of bytes, of which none may be longer than a limit. */
final class Lines {
    private final ReadableByteChannel from;
    private final ByteBuffer buffer;

    /**
     * @param longest bytes that a line may have, without its end
     */
    Lines(ReadableByteChannel from, int longest) {
        this.from = from;
        buffer = ByteBuffer.allocate(longest + 1);
    }

    /**
     * The next line without its end; empty at the end of the stream. A last line without an end
     * counts for nothing: it is a request that was cut off.
     *
     * @throws BpfException E2BIG for a longer line, behind which nothing is to be read any more
     */
    Optional<byte[]> next() throws IOException {
        int searched = 0;
        while (true) {
            for (; searched < buffer.position(); searched++) {
                if (buffer.get(searched) == '\n') return Optional.of(take(searched));
            }
            if (!buffer.hasRemaining()) {
                throw new BpfException(
                        Errno.E2BIG,
                        "a request has %d bytes at the most".formatted(buffer.capacity() - 1));
            }
            if (from.read(buffer) < 0) return Optional.empty();
        }
    }

    private byte[] take(int end) {
        var line = Arrays.copyOf(buffer.array(), end);
        buffer.limit(buffer.position()).position(end + 1);
        buffer.compact();
        return line;
    }
}
