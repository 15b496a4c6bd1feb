package io.jsockmap.sockmap.socket;

/**
 * What a socket asks of the connection that carries it.
 *
 * <p>All methods are signals: they are called from any thread, often while the socket is at work,
 * return at once, and do not call the socket back before they return. A signal may come once too
 * often; the transport looks what there is to do.
 */
public interface Transport {

    /** Bytes, or the end of stream, are to be written: {@link Sock#takeEgress()}. */
    void egressReady();

    /** There is room for received bytes again: {@link Sock#receiveRoom()}. */
    void receiveReady();

    /** The application may find something else than before: {@link Sock#read}. */
    void readReady();
}
