package io.jsockmap.sockmap.network;

import io.jsockmap.sockmap.socket.Transport;

/** A transport that carries nothing, for sockets of which only the state counts. */
public final class Deaf implements Transport {
    @Override
    public void egressReady() {}

    @Override
    public void receiveReady() {}

    @Override
    public void readReady() {}
}
