package io.jsockmap.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * A channel as a {@link Socket}. Bytes and the end of streams go by the channel; what is about the
 * descriptor, such as addresses and options, the platform's own adaptor knows.
 */
final class ChannelSocket extends Socket {
    private final StreamChannel channel;
    private final Socket platform;
    private volatile int timeout;

    private ChannelSocket(StreamChannel channel, Socket platform) throws SocketException {
        super((SocketImpl) null);
        this.channel = channel;
        this.platform = platform;
    }

    static ChannelSocket of(StreamChannel channel, SocketChannel platform) {
        try {
            return new ChannelSocket(channel, platform.socket());
        } catch (SocketException e) {
            throw new IllegalStateException("a socket that is none of its own needs nothing", e);
        }
    }

    @Override
    public SocketChannel getChannel() {
        return channel;
    }

    // --- Connecting ------------------------------------------------------------------------------

    @Override
    public void connect(SocketAddress remote) throws IOException {
        connect(remote, 0);
    }

    @Override
    public void connect(SocketAddress remote, int millis) throws IOException {
        if (isClosed()) throw new SocketException("Socket is closed");
        if (isConnected()) throw new SocketException("already connected");
        if (remote instanceof InetSocketAddress inet && inet.isUnresolved()) {
            close();
            throw new UnknownHostException(inet.getHostString());
        }
        channel.connect(remote, millis, platform);
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        platform.bind(local);
    }

    @Override
    public boolean isConnected() {
        return platform.isConnected();
    }

    @Override
    public boolean isBound() {
        return platform.isBound();
    }

    @Override
    public InetAddress getInetAddress() {
        return platform.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return platform.getLocalAddress();
    }

    @Override
    public int getPort() {
        return platform.getPort();
    }

    @Override
    public int getLocalPort() {
        return platform.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return platform.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return platform.getLocalSocketAddress();
    }

    // --- Bytes -----------------------------------------------------------------------------------

    @Override
    public InputStream getInputStream() throws IOException {
        checkStream(isInputShutdown(), "input");
        return new ChannelInput(channel, () -> timeout);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        checkStream(isOutputShutdown(), "output");
        return new ChannelOutput(channel);
    }

    private void checkStream(boolean shut, String which) throws SocketException {
        if (isClosed()) throw new SocketException("Socket is closed");
        if (!isConnected()) throw new SocketException("Socket is not connected");
        if (shut) throw new SocketException("Socket " + which + " is shutdown");
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        if (channel.conduit() != null) {
            throw new SocketException("urgent data is not sent by sockets under the engine");
        }
        platform.sendUrgentData(data);
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        if (millis < 0) throw new IllegalArgumentException("a negative timeout: " + millis);
        platform.setSoTimeout(millis);
        timeout = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return platform.getSoTimeout();
    }

    // --- The end ---------------------------------------------------------------------------------

    @Override
    public void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return channel.isInputShut() || isClosed();
    }

    @Override
    public boolean isOutputShutdown() {
        return channel.isOutputShut() || isClosed();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    // --- Options ---------------------------------------------------------------------------------

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        platform.setSoLinger(on, seconds);
        channel.lingers(on && seconds == 0);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return platform.getTcpNoDelay();
    }

    @Override
    public void setTcpNoDelay(boolean value) throws SocketException {
        platform.setTcpNoDelay(value);
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return platform.getOOBInline();
    }

    @Override
    public void setOOBInline(boolean value) throws SocketException {
        platform.setOOBInline(value);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return platform.getSendBufferSize();
    }

    @Override
    public void setSendBufferSize(int value) throws SocketException {
        platform.setSendBufferSize(value);
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
    public boolean getKeepAlive() throws SocketException {
        return platform.getKeepAlive();
    }

    @Override
    public void setKeepAlive(boolean value) throws SocketException {
        platform.setKeepAlive(value);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return platform.getTrafficClass();
    }

    @Override
    public void setTrafficClass(int value) throws SocketException {
        platform.setTrafficClass(value);
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
    public int getSoLinger() throws SocketException {
        return platform.getSoLinger();
    }

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
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
