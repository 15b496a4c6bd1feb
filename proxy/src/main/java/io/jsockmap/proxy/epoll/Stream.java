package io.jsockmap.proxy.epoll;

import io.jsockmap.bpf.Errno;
import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.Transport;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries a socket's bytes over a descriptor of a stream. Reads only while the socket has room, and
 * takes from it only what the connection has room for. All of it runs on the loop's thread, with
 * its {@link StreamInput} and {@link StreamOutput}.
 */
final class Stream implements Carrier, Transport, Loop.Handler {
    private final Loop loop;
    private final UserEngine engine;
    private final int descriptor;
    private final Addresses addresses;
    private final AtomicBoolean pumping = new AtomicBoolean();
    private final AtomicBoolean serving = new AtomicBoolean();
    private final AtomicBoolean resuming = new AtomicBoolean();
    private final Runnable pump = guarded(this::pump);
    private final Runnable serve = guarded(this::serve);
    private final Runnable resume = guarded(this::resume);
    private Sock socket;
    private Application application = Application.NONE;

    private final StreamInput input;
    private final StreamOutput output;
    private boolean started;
    private boolean over;

    Stream(Loop loop, UserEngine engine, int descriptor, Addresses addresses) {
        this.loop = loop;
        this.engine = engine;
        this.descriptor = descriptor;
        this.addresses = addresses;
        input = new StreamInput(this, loop, descriptor, addresses.kind() == SocketKind.TCP);
        output = new StreamOutput(this, loop, descriptor);
        loop.begins();
    }

    Loop loop() {
        return loop;
    }

    Sock socket() {
        return socket;
    }

    Application application() {
        return application;
    }

    // --- The connection --------------------------------------------------------------------------

    @Override
    public Sock accept() {
        boolean tcp = addresses.kind() == SocketKind.TCP;
        socket = tcp ? engine.accepted(addresses, this) : engine.opened(addresses, this);
        return socket;
    }

    @Override
    public Sock connect() {
        boolean tcp = addresses.kind() == SocketKind.TCP;
        socket = tcp ? engine.connected(addresses, this) : engine.opened(addresses, this);
        return socket;
    }

    @Override
    public void serve(Application application) {
        this.application = application;
    }

    @Override
    public void startReading() {
        execute(
                () -> {
                    if (over) return;
                    started = true;
                    input.begin();
                });
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public boolean isOpen() {
        return !over;
    }

    // --- From the socket, on any thread ----------------------------------------------------------

    @Override
    public void egressReady() {
        if (pumping.compareAndSet(false, true)) execute(pump);
    }

    @Override
    public void receiveReady() {
        if (resuming.compareAndSet(false, true)) execute(resume);
    }

    @Override
    public void readReady() {
        if (serving.compareAndSet(false, true)) execute(serve);
    }

    void pump() {
        pumping.set(false);
        if (over || socket == null) return;
        // Not in its turn: a peer that does not read would keep it from being reset.
        if (socket.isAborting()) reset();
        else output.pump();
    }

    private void resume() {
        resuming.set(false);
        input.readMore();
    }

    private void serve() {
        serving.set(false);
        application.readable();
    }

    // --- From the loop ---------------------------------------------------------------------------

    /** A stream with a hole must not go on: whatever goes wrong, it is reset. */
    private void guard(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException | Error e) {
            reset();
            throw e;
        }
    }

    private Runnable guarded(Runnable part) {
        return () -> guard(part);
    }

    /** Closes, and lets the peer know that bytes are missing. */
    private void reset() {
        if (!over) {
            int _ = loop.libc.lingerNot(descriptor);
        }
        close();
    }

    @Override
    public void ready(int events) {
        guard(() -> handle(events));
    }

    private void handle(int events) {
        input.ready(events);
        output.ready(events);
        // Whoever reads finds the error behind the last byte; else nobody would.
        if ((events & Loop.ERR) != 0 && started && !input.isReading() && !over) breakDown();
    }

    private void breakDown() {
        int error = loop.libc.takeError(descriptor);
        if (error != 0) breaks(error);
    }

    /** Behind the last byte that came. */
    void breaks(int error) {
        socket.failed(EpollCarriers.errnoOf(error));
        close();
    }

    // --- The end ---------------------------------------------------------------------------------

    @Override
    public void close() {
        if (over) return;
        over = true;
        input.end();
        loop.ends();
        loop.close(descriptor);
        if (socket == null) return;
        output.end();
        // If this side did not close it, nobody did it in order.
        socket.failed(Errno.ECONNRESET);
        engine.closed(socket);
        application.closed();
    }

    @Override
    public void stopped() {
        close();
    }
}
