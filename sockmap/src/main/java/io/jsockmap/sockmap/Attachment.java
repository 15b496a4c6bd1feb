package io.jsockmap.sockmap;

/**
 * A program that is attached. Closing takes it away; twice is harmless.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="scope"}
 */
public interface Attachment extends AutoCloseable {
    @Override
    void close();
}
