package io.jsockmap.provider;

import io.jsockmap.bpf.BpfException;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;

/** A listening socket: what it accepts may come under the engine, it itself does not. */
final class ListeningChannel extends ServerSocketChannel implements Watched {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.provider");

    private final SockmapSelectorProvider provider;
    private final ServerSocketChannel platform;
    private final Watchers watchers = new Watchers();
    private final ServerSocket adaptor;

    ListeningChannel(SockmapSelectorProvider provider, ServerSocketChannel platform)
            throws IOException {
        super(provider);
        this.provider = provider;
        this.platform = platform;
        boolean unix = !platform.supportedOptions().contains(StandardSocketOptions.SO_REUSEADDR);
        adaptor = unix ? null : new ChannelServerSocket(this, platform.socket());
    }

    @Override
    public SocketChannel accept() throws IOException {
        while (true) {
            var accepted = acceptNext();
            if (accepted == null) return null;
            var opened = open(accepted);
            if (opened.isPresent()) return opened.get();
        }
    }

    /** As {@link #accept}, by the platform's own socket and its timeout. */
    SocketChannel accept(ServerSocket socket) throws IOException {
        while (true) {
            var opened = open(socket.accept().getChannel());
            if (opened.isPresent()) return opened.get();
        }
    }

    /** To the application it is as if a peer that a map refuses had not come. */
    private Optional<StreamChannel> open(SocketChannel accepted) throws IOException {
        try {
            return Optional.of(StreamChannel.accepted(provider, accepted));
        } catch (BpfException e) {
            LOG.log(System.Logger.Level.WARNING, "refused " + accepted, e);
            accepted.close();
            return Optional.empty();
        }
    }

    private SocketChannel acceptNext() throws IOException {
        try {
            return platform.accept();
        } finally {
            // The platform closes a channel whose thread is interrupted.
            if (!platform.isOpen()) close();
        }
    }

    @Override
    public SelectableChannel platform() {
        return platform;
    }

    @Override
    public Watchers watchers() {
        return watchers;
    }

    @Override
    public Conduit conduit() {
        return null;
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        platform.bind(local, backlog);
        return this;
    }

    @Override
    public ServerSocket socket() {
        if (adaptor == null) {
            throw new UnsupportedOperationException("a UNIX socket has no java.net.ServerSocket");
        }
        return adaptor;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return platform.getLocalAddress();
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        platform.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return platform.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return platform.supportedOptions();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        watchers.configureBlocking(block);
        platform.configureBlocking(block);
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        platform.close();
    }

    @Override
    public String toString() {
        return platform.toString();
    }
}
