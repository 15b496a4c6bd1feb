package io.jsockmap.nio;

import io.jsockmap.sockmap.UserEngine;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** A UNIX stream: one end is an engine's, the other a plain channel. */
record UnixStreams(SockmapChannel channel, SocketChannel peer) implements AutoCloseable {

    static UnixStreams open(UserEngine engine) throws IOException {
        var folder = Files.createTempDirectory("jsockmap");
        var path = folder.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            var peer = SocketChannel.open(server.getLocalAddress());
            return new UnixStreams(SockmapChannel.opened(engine, server.accept()), peer);
        } finally {
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    void write(String text) throws IOException {
        var bytes = Connections.buffer(text);
        while (bytes.hasRemaining()) peer.write(bytes);
    }

    String read(int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && peer.read(buffer) >= 0) {}
        return StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
    }

    String readToEnd() throws IOException {
        var bytes = Channels.newInputStream(peer).readAllBytes();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        peer.close();
        channel.abort();
    }
}
