package io.jsockmap.provider;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;

/** A channel as a {@link ServerSocket}: what it accepts are sockets of our channels. */
final class ChannelServerSocket extends ServerSocket {
    private final ListeningChannel channel;
    private final ServerSocket platform;

    ChannelServerSocket(ListeningChannel channel, ServerSocket platform) throws IOException {
        this.channel = channel;
        this.platform = platform;
    }

    @Override
    public ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        platform.bind(local);
    }

    @Override
    public void bind(SocketAddress local, int backlog) throws IOException {
        platform.bind(local, backlog);
    }

    @Override
    public Socket accept() throws IOException {
        if (!channel.isBlocking()) throw new IllegalBlockingModeException();
        // The platform's own waits for so long as it was told.
        var accepted = getSoTimeout() == 0 ? channel.accept() : channel.accept(platform);
        return accepted.socket();
    }

    @Override
    public InetAddress getInetAddress() {
        return platform.getInetAddress();
    }

    @Override
    public int getLocalPort() {
        return platform.getLocalPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return platform.getLocalSocketAddress();
    }

    @Override
    public boolean isBound() {
        return platform.isBound();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        platform.setSoTimeout(millis);
    }

    @Override
    public int getSoTimeout() throws IOException {
        return platform.getSoTimeout();
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return platform.getReceiveBufferSize();
    }

    @Override
    public void setReceiveBufferSize(int value) throws SocketException {
        platform.setReceiveBufferSize(value);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return platform.getReuseAddress();
    }

    @Override
    public void setReuseAddress(boolean value) throws SocketException {
        platform.setReuseAddress(value);
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        platform.setPerformancePreferences(connectionTime, latency, bandwidth);
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public String toString() {
        return platform.toString();
    }
}
