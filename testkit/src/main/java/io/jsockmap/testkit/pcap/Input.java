package io.jsockmap.testkit.pcap;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A file that is read from its beginning to its end, and how far that has come. */
final class Input {
    private static final int STEP = 1 << 13;

    private final InputStream in;
    private final String name;
    private long offset;

    /**
     * @param name what it is called in errors
     */
    Input(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /** The byte that comes next, from 0. */
    long offset() {
        return offset;
    }

    /** The next bytes, all of them. */
    View read(int count, String what) throws IOException {
        long at = offset;
        var bytes = readSome(count);
        if (bytes.length < count) throw tooShort(at, what, count, bytes.length);
        return View.of(bytes);
    }

    /** As {@link #read}, or nothing if the file ends here. */
    Optional<View> readUnlessOver(int count, String what) throws IOException {
        long at = offset;
        var bytes = readSome(count);
        if (bytes.length == 0) return Optional.empty();
        if (bytes.length < count) throw tooShort(at, what, count, bytes.length);
        return Optional.of(View.of(bytes));
    }

    /** Passes the next bytes over, however many. */
    void skip(long count, String what) throws IOException {
        long at = offset;
        for (long left = count; left > 0; left -= STEP) {
            int step = (int) Math.min(STEP, left);
            if (readSome(step).length < step) throw tooShort(at, what, count, offset - at);
        }
    }

    private byte[] readSome(int count) throws IOException {
        // Takes no more memory than there are bytes.
        var bytes = in.readNBytes(count);
        offset += bytes.length;
        return bytes;
    }

    private MalformedCaptureException tooShort(long at, String what, long count, long there) {
        return malformed(
                at,
                "the file ends within %s, of which %d of %d bytes are there"
                        .formatted(what, there, count));
    }

    MalformedCaptureException malformed(long at, String problem) {
        return new MalformedCaptureException(name, at, problem);
    }
}
