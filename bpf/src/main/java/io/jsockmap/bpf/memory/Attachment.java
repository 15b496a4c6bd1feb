package io.jsockmap.bpf.memory;

/** What hangs on a place of some memory. */
public interface Attachment {
    /** It hangs there no longer: its element was deleted, or another value is in its place. */
    void detached();
}
