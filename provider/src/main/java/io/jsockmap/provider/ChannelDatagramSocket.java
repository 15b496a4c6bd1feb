package io.jsockmap.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.util.Set;

/** A channel as a {@link DatagramSocket}; otherwise as {@link ChannelSocket}. */
final class ChannelDatagramSocket extends DatagramSocket {
    private final PacketChannel channel;
    private final DatagramSocket platform;

    ChannelDatagramSocket(PacketChannel channel, DatagramSocket platform) throws SocketException {
        super((SocketAddress) null);
        // It has a descriptor of its own, which is of no use here.
        super.close();
        this.channel = channel;
        this.platform = platform;
    }

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }

    @Override
    public void bind(SocketAddress local) throws SocketException {
        change(() -> channel.bind(local));
    }

    @Override
    public void connect(InetAddress address, int port) {
        try {
            connect(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(SocketAddress remote) throws SocketException {
        change(() -> channel.connect(remote));
    }

    @Override
    public void disconnect() {
        try {
            channel.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void change(Io<DatagramChannel> change) throws SocketException {
        try {
            change.run();
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            var failure = new SocketException(e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public boolean isBound() {
        return platform.isBound();
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public InetAddress getInetAddress() {
        return platform.getInetAddress();
    }

    @Override
    public int getPort() {
        return platform.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return platform.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return platform.getLocalSocketAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return platform.getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return platform.getLocalPort();
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        if (!channel.isBlocking()) throw new IllegalBlockingModeException();
        var bytes = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
        boolean toPeer = packet.getPort() < 0 || packet.getAddress() == null;
        if (toPeer) channel.write(bytes);
        else channel.send(bytes, packet.getSocketAddress());
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        if (!channel.isBlocking()) throw new IllegalBlockingModeException();
        if (channel.conduit() == null && !platform.isBound()) channel.bind(null);
        if (channel.conduit() == null) {
            platform.receive(packet);
            return;
        }
        var data = packet.getData();
        var bytes = ByteBuffer.wrap(data, packet.getOffset(), data.length - packet.getOffset());
        var from = channel.receive(bytes, platform.getSoTimeout());
        packet.setSocketAddress(from);
        packet.setLength(bytes.position() - packet.getOffset());
    }

    @Override
    public void joinGroup(SocketAddress group, NetworkInterface on) throws IOException {
        platform.joinGroup(group, on);
    }

    @Override
    public void leaveGroup(SocketAddress group, NetworkInterface on) throws IOException {
        platform.leaveGroup(group, on);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return platform.getSoTimeout();
    }

    @Override
    public void setSoTimeout(int value) throws SocketException {
        platform.setSoTimeout(value);
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
    public boolean getReuseAddress() throws SocketException {
        return platform.getReuseAddress();
    }

    @Override
    public void setReuseAddress(boolean value) throws SocketException {
        platform.setReuseAddress(value);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return platform.getBroadcast();
    }

    @Override
    public void setBroadcast(boolean value) throws SocketException {
        platform.setBroadcast(value);
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
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
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
}
