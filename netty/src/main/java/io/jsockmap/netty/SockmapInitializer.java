package io.jsockmap.netty;

import io.jsockmap.sockmap.Admission;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * Puts the channels of a server, or of a client, under the engine: what would be given to {@code
 * childHandler} or {@code handler} is given to this instead.
 *
 * {@snippet class="io.jsockmap.netty.examples.PipelineExamples" region="server"}
 *
 * @param <C> the channel, as the initializer within has it
 */
public final class SockmapInitializer<C extends Channel> extends ChannelInitializer<C> {
    private final Supplier<SockmapHandler> first;
    private final ChannelHandler rest;

    /**
     * For the channels that a server accepts.
     *
     * @param admission decides which of them come under the engine
     * @param rest sets up the rest of the pipeline, or is the rest of it
     */
    public SockmapInitializer(Admission admission, ChannelHandler rest) {
        this(() -> SockmapHandler.accepted(admission), rest);
    }

    private SockmapInitializer(Supplier<SockmapHandler> first, ChannelHandler rest) {
        this.first = first;
        this.rest = Objects.requireNonNull(rest);
    }

    /** For the channels that a client connects; otherwise as the constructor. */
    public static <C extends Channel> SockmapInitializer<C> ofClients(
            Admission admission, ChannelHandler rest) {
        return new SockmapInitializer<>(() -> SockmapHandler.connected(admission), rest);
    }

    /** For channels whose handlers are made otherwise, such as with another linger. */
    public static <C extends Channel> SockmapInitializer<C> with(
            Supplier<SockmapHandler> handlers, ChannelHandler rest) {
        return new SockmapInitializer<>(handlers, rest);
    }

    @Override
    protected void initChannel(C channel) {
        channel.pipeline().addLast(rest);
        // Next to the transport, whatever the rest put there: it sees the bytes of the wire.
        channel.pipeline().addFirst(first.get());
    }
}
