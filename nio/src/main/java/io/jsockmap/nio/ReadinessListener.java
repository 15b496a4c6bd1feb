package io.jsockmap.nio;

/**
 * Hears when a non-blocking channel may have become ready, so that a selector or an event loop can
 * look again.
 *
 * <p>Both are signals: they come from any thread, now and then without need, and never too seldom.
 * They must return at once and must not use the channel; typically they put it in a queue and wake
 * whoever serves it.
 *
 * {@snippet class="io.jsockmap.nio.examples.ChannelExamples" region="ready"}
 */
public interface ReadinessListener {

    /** A read may find bytes, an error or the end of stream. */
    void mayBeReadable();

    /**
     * There is room again, here or at the socket that a program redirects to, or the channel broke
     * or closed: a write that took nothing may do better.
     */
    void mayBeWritable();
}
