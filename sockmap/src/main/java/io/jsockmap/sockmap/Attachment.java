package io.jsockmap.sockmap;

/** A program that is attached. Closing takes it away; twice is harmless. */
public interface Attachment extends AutoCloseable {
    @Override
    void close();
}
