package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.socket.ErrnoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The last handler: notes what it hears, bytes as they are and everything else as a word. */
final class Recorder extends ChannelInboundHandlerAdapter {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        heard.add(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        heard.add("complete");
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        heard.add("inactive");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        heard.add(event.getClass().getSimpleName());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        heard.add(
                cause instanceof ErrnoException failure
                        ? "errno " + failure.number()
                        : cause.getClass().getSimpleName());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        heard.add(context.channel().isWritable() ? "writable" : "not writable");
    }

    /** The next that was heard: bytes as text. */
    String next() throws InterruptedException {
        var next = heard.poll(NettyTest.HANG_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("something that was heard").isNotNull();
        return next instanceof byte[] bytes
                ? io.jsockmap.sockmap.network.Bytes.text(bytes)
                : (String) next;
    }

    /** What is heard until a word comes, bytes in one. */
    byte[] bytesUntil(String word) throws InterruptedException {
        var all = new ByteArrayOutputStream();
        while (true) {
            var next = heard.poll(NettyTest.HANG_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("'%s', behind %d bytes", word, all.size()).isNotNull();
            if (next.equals(word)) return all.toByteArray();
            if (next instanceof byte[] bytes) all.writeBytes(bytes);
        }
    }

    /** That many bytes. */
    byte[] bytes(int count) throws InterruptedException {
        var all = new ByteArrayOutputStream();
        while (all.size() < count) {
            var next = heard.poll(NettyTest.HANG_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("bytes behind the first %d", all.size()).isNotNull();
            if (next instanceof byte[] bytes) all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    boolean hasHeardNothing() {
        return heard.isEmpty();
    }
}
