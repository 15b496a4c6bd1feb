package io.jsockmap.sockmap.socket;

/**
 * What a socket asks of the connection that carries it.
 *
 * <p>All methods are signals: they are called from any thread, often while the socket is at work,
 * return at once, and do not call the socket back before they return. A signal may come once too
 * often; the transport looks what there is to do.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TransportExamples" region="signals"}
 */
public interface Transport {

    /** Carries nothing, for a socket that nobody is at the other end of. */
    Transport NONE =
            new Transport() {
                @Override
                public void egressReady() {}

                @Override
                public void receiveReady() {}

                @Override
                public void readReady() {}
            };

    /** Bytes, or the end of stream, are to be written: {@link Sock#takeEgress()}. */
    void egressReady();

    /** There is room for received bytes again: {@link Sock#receiveRoom()}. */
    void receiveReady();

    /** The application may find something else than before: {@link Sock#read}. */
    void readReady();

    /**
     * There may be room for a send that may not wait and found none (EAGAIN): of this socket, or of
     * the one that its program redirects to.
     */
    default void sendReady() {}

    /**
     * A program set an option of the socket. A transport that can't give it to the connection does
     * nothing: what programs read is the same.
     *
     * @param value as the program gave it, within the option's range
     */
    default void setOption(SocketOption option, int value) {}

    /**
     * Programs answered a question about the connection that is being made. It is not called where
     * they leave the default; what there is no use for is passed over.
     *
     * @param value positive
     */
    default void advise(Advice advice, int value) {}
}
