package io.jsockmap.provider;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings a channel under the engine, if it is admitted; else everything goes straight to the
 * platform's channel beneath.
 */
final class Engagement {
    private final SockmapSelectorProvider provider;
    private final SelectableChannel channel;
    private final SelectableChannel platform;
    private final Watchers watchers = new Watchers();

    /** Null if the channel is not under the engine, or not yet. */
    private volatile Conduit conduit;

    /**
     * @param channel as the application has it
     * @param platform the one beneath
     */
    Engagement(
            SockmapSelectorProvider provider,
            SelectableChannel channel,
            SelectableChannel platform) {
        this.provider = provider;
        this.channel = channel;
        this.platform = platform;
    }

    Watchers watchers() {
        return watchers;
    }

    Conduit conduit() {
        return conduit;
    }

    /**
     * Comes under the engine, if the socket is admitted.
     *
     * @throws BpfException if a map refuses it
     */
    void begin(Wire wire, Function<Transport, Optional<Sock>> opening) throws IOException {
        var opened = Conduit.open(provider, wire, watchers, opening);
        if (opened.isEmpty()) return;
        conduit = opened.get();
        if (channel.isOpen()) conduit.begin();
        else conduit.close(true);
    }

    /** As {@link #begin}; what a map refuses is closed, and the application is told the errno. */
    void beginOrClose(Wire wire, Function<Transport, Optional<Sock>> opening) throws IOException {
        try {
            begin(wire, opening);
        } catch (BpfException e) {
            channel.close();
            throw new ErrnoException(e.errno().number(), e.getMessage());
        }
    }

    /** Leaves the engine; the platform's channel stays open. */
    void end() {
        if (conduit == null) return;
        conduit.release();
        conduit = null;
    }

    /**
     * Does something past the engine. The platform closes a channel that can't be connected, or
     * whose thread is interrupted.
     */
    <T> T past(Io<T> call) throws IOException {
        try {
            return call.run();
        } finally {
            if (!platform.isOpen()) channel.close();
        }
    }

    void configureBlocking(boolean block) throws IOException {
        var under = conduit;
        watchers.configureBlocking(block);
        if (under == null) platform.configureBlocking(block);
        else under.changed();
    }

    void close(boolean reset) throws IOException {
        var under = conduit;
        if (under == null) platform.close();
        else under.close(reset);
    }

    @Override
    public String toString() {
        var under = conduit;
        return under == null ? platform.toString() : "%s as %s".formatted(platform, under.socket());
    }
}
