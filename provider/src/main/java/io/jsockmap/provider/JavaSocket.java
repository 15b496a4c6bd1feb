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

/** What is behind a {@link Socket}: a channel of the provider, by way of its own adaptor. */
final class JavaSocket extends SocketImpl {
    private final SockmapSelectorProvider provider;

    /** Null before it is created or accepted. */
    private volatile Socket socket;

    JavaSocket(SockmapSelectorProvider provider) {
        this.provider = provider;
    }

    /** Becomes the socket of a connection that was accepted. */
    void take(SocketChannel accepted) {
        socket = accepted.socket();
        address = socket.getInetAddress();
        port = socket.getPort();
        localport = socket.getLocalPort();
    }

    @Override
    protected void create(boolean stream) throws IOException {
        if (!stream) throw new SocketException("a socket of datagrams is a DatagramSocket");
        socket = provider.openSocketChannel().socket();
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
        connect(new InetSocketAddress(address, port), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        if (remote instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new UnknownHostException(inet.getHostString());
        }
        socket.connect(remote, millis);
        address = socket.getInetAddress();
        port = socket.getPort();
        localport = socket.getLocalPort();
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        socket.bind(new InetSocketAddress(host, port));
        localport = socket.getLocalPort();
    }

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("a socket that connects does not listen");
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        throw new SocketException("a socket that connects does not accept");
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        return new JavaInput(socket.getInputStream());
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        return new JavaOutput(socket.getOutputStream());
    }

    @Override
    protected int available() throws IOException {
        return getInputStream().available();
    }

    @Override
    protected void close() throws IOException {
        if (socket != null) socket.close();
    }

    @Override
    protected void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    protected boolean supportsUrgentData() {
        return true;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        socket.sendUrgentData(data);
    }

    @Override
    public void setOption(int name, Object value) throws SocketException {
        switch (name) {
            case SO_TIMEOUT -> socket.setSoTimeout((Integer) value);
            case TCP_NODELAY -> socket.setTcpNoDelay((Boolean) value);
            case SO_KEEPALIVE -> socket.setKeepAlive((Boolean) value);
            case SO_REUSEADDR -> socket.setReuseAddress((Boolean) value);
            case SO_OOBINLINE -> socket.setOOBInline((Boolean) value);
            case SO_SNDBUF -> socket.setSendBufferSize((Integer) value);
            case SO_RCVBUF -> socket.setReceiveBufferSize((Integer) value);
            case IP_TOS -> socket.setTrafficClass((Integer) value);
            case SO_LINGER -> linger(value);
            default -> throw new SocketException("a socket has no option %#x".formatted(name));
        }
    }

    /** A number of seconds, or that it does not. */
    private void linger(Object value) throws SocketException {
        if (value instanceof Integer seconds)
            socket.setSoLinger(seconds >= 0, Math.max(0, seconds));
        else socket.setSoLinger(false, 0);
    }

    @Override
    public Object getOption(int name) throws SocketException {
        return switch (name) {
            case SO_TIMEOUT -> socket.getSoTimeout();
            case TCP_NODELAY -> socket.getTcpNoDelay();
            case SO_KEEPALIVE -> socket.getKeepAlive();
            case SO_REUSEADDR -> socket.getReuseAddress();
            case SO_OOBINLINE -> socket.getOOBInline();
            case SO_SNDBUF -> socket.getSendBufferSize();
            case SO_RCVBUF -> socket.getReceiveBufferSize();
            case IP_TOS -> socket.getTrafficClass();
            case SO_LINGER -> socket.getSoLinger();
            case SO_BINDADDR -> socket.getLocalAddress();
            default -> throw new SocketException("a socket has no option %#x".formatted(name));
        };
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        socket.setOption(name, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        return socket.getOption(name);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return socket.supportedOptions();
    }
}
