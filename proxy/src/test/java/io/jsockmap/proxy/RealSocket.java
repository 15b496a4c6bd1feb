package io.jsockmap.proxy;

import io.jsockmap.sockmap.socket.Sock;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A socket of the engine over a real one of the platform: its application, and its peer. */
interface RealSocket extends AutoCloseable {
    Sock socket();

    /** The application sends. */
    void send(String text) throws IOException;

    /** The application reads so many bytes, and waits for them. */
    String read(int length) throws Exception;

    /** The peer sends. */
    void peerSend(String text) throws Exception;

    /** The peer reads so many bytes, and waits for them. */
    String peerRead(int length) throws Exception;

    @Override
    void close() throws IOException;

    /** With channels for code that blocks. */
    record Blocking(Sock socket, ByteChannel application, ByteChannel peer) implements RealSocket {
        @Override
        public void send(String text) throws IOException {
            application.write(StandardCharsets.US_ASCII.encode(text));
        }

        @Override
        public String read(int length) throws IOException {
            return read(application, length);
        }

        @Override
        public void peerSend(String text) throws IOException {
            peer.write(StandardCharsets.US_ASCII.encode(text));
        }

        @Override
        public String peerRead(int length) throws IOException {
            return read(peer, length);
        }

        private static String read(ByteChannel channel, int length) throws IOException {
            var buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
        }

        @Override
        public void close() throws IOException {
            peer.close();
            application.close();
        }
    }

    /** With channels of Netty. */
    record Netty(NettyApplication application, NettyPeer peer) implements RealSocket {
        @Override
        public Sock socket() {
            return application.socket();
        }

        @Override
        public void send(String text) throws IOException {
            application.send(text);
        }

        @Override
        public String read(int length) throws Exception {
            return application.read(length);
        }

        @Override
        public void peerSend(String text) throws Exception {
            if (!peer.send(text).await(Loopback.HANG_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the peer can't send");
            }
        }

        @Override
        public String peerRead(int length) throws Exception {
            return peer.read(length);
        }

        @Override
        public void close() {
            peer.close();
            application.close();
        }
    }
}
