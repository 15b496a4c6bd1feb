package io.jsockmap.sockmap.ops;

import io.jsockmap.sockmap.socket.Advice;
import io.jsockmap.sockmap.socket.SocketOption;
import io.jsockmap.sockmap.socket.Transport;

import java.util.ArrayList;
import java.util.List;

/** A transport that carries nothing, and remembers what programs told it. */
final class Quiet implements Transport {
    private final List<String> told = new ArrayList<>();

    /** "NAME=VALUE", in the order in which it was told. */
    List<String> told() {
        return told;
    }

    @Override
    public void egressReady() {}

    @Override
    public void receiveReady() {}

    @Override
    public void readReady() {}

    @Override
    public void setOption(SocketOption option, int value) {
        told.add(option + "=" + value);
    }

    @Override
    public void advise(Advice advice, int value) {
        told.add(advice + "=" + value);
    }
}
