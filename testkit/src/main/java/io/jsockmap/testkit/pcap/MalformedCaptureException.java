package io.jsockmap.testkit.pcap;

import java.io.IOException;

/**
 * A file that is no capture, or a damaged one: where, and what is wrong, in one line.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="refused"}
 */
public final class MalformedCaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    MalformedCaptureException(String file, long offset, String problem) {
        super("%s: offset %d: %s".formatted(file, offset, problem));
        this.offset = offset;
    }

    /** The byte of the file where the damaged part begins, from 0. */
    public long offset() {
        return offset;
    }
}
