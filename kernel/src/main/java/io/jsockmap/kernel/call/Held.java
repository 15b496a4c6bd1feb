package io.jsockmap.kernel.call;

/** What is given back without a failure. */
public interface Held extends AutoCloseable {
    @Override
    void close();
}
