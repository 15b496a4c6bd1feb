package io.jsockmap.proxy;

/**
 * Hears what a proxy's connections do, on the threads that carry their bytes: must be quick.
 *
 * {@snippet class="io.jsockmap.proxy.examples.ProxyExamples" region="proxy"}
 */
public interface ProxyListener {
    /** Hears nothing. */
    ProxyListener NONE = new ProxyListener() {};

    /** A connection is over. */
    default void ended(ConnectionReport report) {}

    /** A connection could not be set up, and why. */
    default void refused(String reason) {}
}
