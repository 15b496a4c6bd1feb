package io.jsockmap.proxy.epoll;

import io.jsockmap.proxy.carry.Carriers.Connecting;
import io.jsockmap.sockmap.UserEngine;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A connection that is being made. */
final class Attempt implements Loop.Handler {
    private static final int INTEREST = Loop.IN | Loop.OUT | Loop.RDHUP | Loop.CHANGES;

    private final Loop loop;
    private final UserEngine engine;
    private final int descriptor;
    private final SocketAddress address;
    private final Connecting result;
    private Stream stream;

    Attempt(
            Loop loop,
            UserEngine engine,
            int descriptor,
            SocketAddress address,
            Connecting result) {
        this.loop = loop;
        this.engine = engine;
        this.descriptor = descriptor;
        this.address = address;
        this.result = result;
    }

    void start() {
        if (address instanceof InetSocketAddress) {
            int _ = loop.libc.noDelay(descriptor);
        }
        int answer = loop.libc.connect(descriptor, address);
        if (answer == 0 || answer == -Libc.EINPROGRESS)
            answer = loop.add(descriptor, INTEREST, this);
        if (answer < 0) fail(-answer);
    }

    private void fail(int error) {
        loop.close(descriptor);
        result.failed(EpollCarriers.textOf(error));
    }

    @Override
    public void ready(int events) {
        if (stream != null) {
            stream.ready(events);
            return;
        }
        boolean failed = (events & (Loop.ERR | Loop.HUP)) != 0;
        int error = failed ? loop.libc.takeError(descriptor) : 0;
        if (error != 0) {
            fail(error);
            return;
        }
        var local = loop.libc.localAddress(descriptor);
        stream = new Stream(loop, engine, descriptor, EpollCarriers.addresses(local, address));
        result.connected(stream);
        stream.ready(events);
    }

    @Override
    public void stopped() {
        if (stream != null) stream.stopped();
        else fail(Libc.EINTR);
    }
}
