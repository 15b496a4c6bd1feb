package io.jsockmap.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.util.Set;

/** What is behind a {@link ServerSocket}; otherwise as {@link JavaSocket}. */
final class JavaServerSocket extends SocketImpl {
    private final SockmapSelectorProvider provider;

    /** Null before it is created. */
    private volatile ServerSocket socket;

    private SocketAddress local;

    JavaServerSocket(SockmapSelectorProvider provider) {
        this.provider = provider;
    }

    @Override
    protected void create(boolean stream) throws IOException {
        socket = provider.openServerSocketChannel().socket();
    }

    /** The platform binds and listens at once. */
    @Override
    protected void bind(InetAddress host, int port) {
        local = new InetSocketAddress(host, port);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        socket.bind(local, backlog);
        address = socket.getInetAddress();
        localport = socket.getLocalPort();
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        if (!(accepted instanceof JavaSocket ours)) {
            throw new SocketException("%s is no socket of this provider".formatted(accepted));
        }
        try {
            ours.take(socket.accept().getChannel());
        } catch (ClosedChannelException _) {
            throw new SocketException("Socket closed");
        }
    }

    @Override
    protected void close() throws IOException {
        if (socket != null) socket.close();
    }

    @Override
    public void setOption(int name, Object value) throws SocketException {
        switch (name) {
            case SO_TIMEOUT -> socket.setSoTimeout((Integer) value);
            case SO_REUSEADDR -> socket.setReuseAddress((Boolean) value);
            case SO_RCVBUF -> socket.setReceiveBufferSize((Integer) value);
            default -> throw noOption(name);
        }
    }

    @Override
    public Object getOption(int name) throws SocketException {
        try {
            return switch (name) {
                case SO_TIMEOUT -> socket.getSoTimeout();
                case SO_REUSEADDR -> socket.getReuseAddress();
                case SO_RCVBUF -> socket.getReceiveBufferSize();
                case SO_BINDADDR -> socket.getInetAddress();
                default -> throw noOption(name);
            };
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw new SocketException(e);
        }
    }

    private static SocketException noOption(int name) {
        return new SocketException("a socket that listens has no option %#x".formatted(name));
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

    // --- What a socket that listens does not do --------------------------------------------------

    private static SocketException listens() {
        return new SocketException("a socket that listens carries no bytes");
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        throw listens();
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
        throw listens();
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        throw listens();
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        throw listens();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        throw listens();
    }

    @Override
    protected int available() {
        return 0;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw listens();
    }
}
