package io.jsockmap.sockmap.socket;

/**
 * Hears how a send ended: once, on any thread; must be quick and not wait for a socket.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TransportExamples" region="send"}
 */
public interface SendResult {

    /**
     * The send is over.
     *
     * @param accepted how many of the caller's bytes were accepted
     * @param errno why the others were not, positive; 0 if all were
     */
    void done(long accepted, int errno);
}
