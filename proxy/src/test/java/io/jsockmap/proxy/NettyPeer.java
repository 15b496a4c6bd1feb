package io.jsockmap.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A plain end of a connection, for kinds of sockets that the JDK does not have. */
final class NettyPeer extends ChannelInboundHandlerAdapter implements AutoCloseable {
    /** Stands for the end of a stream. */
    static final String END = "(end)";

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final Channel channel;

    NettyPeer(Channel channel) {
        this.channel = channel;
        channel.pipeline().addLast(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = message instanceof ByteBufHolder holder ? holder.content() : (ByteBuf) message;
        messages.add(bytes.toString(StandardCharsets.US_ASCII));
        bytes.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) messages.add(END);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        messages.add(END);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        messages.add(cause.toString());
    }

    Channel channel() {
        return channel;
    }

    ChannelFuture send(String text) {
        return channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    /** The next datagram, or bytes of a stream as they came. */
    String next() throws InterruptedException {
        var message = messages.poll(Loopback.HANG_SECONDS, TimeUnit.SECONDS);
        if (message == null) throw new AssertionError("nothing comes to " + channel);
        return message;
    }

    /** So many bytes, and no more of the last message. */
    String read(int length) throws InterruptedException {
        var text = new StringBuilder();
        while (text.length() < length) text.append(next());
        return text.toString();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
