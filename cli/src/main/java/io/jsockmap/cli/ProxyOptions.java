package io.jsockmap.cli;

import io.jsockmap.proxy.KernelProxy;
import io.jsockmap.proxy.Proxy;
import io.jsockmap.proxy.ProxyListener;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Delivery;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The options of a proxy whose bytes an object's programs judge. */
final class ProxyOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin private ObjectOptions objectOptions;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "where to accept connections")
    private InetSocketAddress listen;

    @Option(
            names = "--to",
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "the upstream of each connection; several make upstream, upstream2 ...")
    private List<InetSocketAddress> upstreams = List.of();

    @Option(
            names = "--delivery",
            paramLabel = "HOW",
            description = {
                "how much of a message programs see at once:",
                "whole (the default), kernel (as Linux has it),",
                "hostile (as little as is legal, byte by byte)"
            })
    private Delivery delivery = Delivery.WHOLE;

    @Option(
            names = "--when-full",
            paramLabel = "MAP=POLICY",
            converter = WhenFull.Converter.class,
            description = {
                "what becomes of bytes that a map redirects to",
                "a full socket: block (the default), queue:BYTES, drop"
            })
    private List<WhenFull> whenFull = List.of();

    @Option(
            names = "--busy-poll",
            paramLabel = "MICROS",
            description = {
                "how long to look for more to do before a thread",
                "sleeps, if that pays (the default is 50); 0: never"
            })
    private int busyPoll = (int) TimeUnit.NANOSECONDS.toMicros(Proxy.BUSY_POLL.toNanos());

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            description = {
                "how long open connections may go on once the process",
                "is told to end, before a reset (the default is 0)"
            })
    private int drain;

    /** Complains of what no converter could see. */
    void check() {
        if (drain < 0) {
            throw Mistake.of(spec, "--drain takes seconds, 0 to reset at once");
        }
        if (busyPoll < 0) {
            throw Mistake.of(spec, "--busy-poll takes microseconds, 0 for never");
        }
    }

    /** How long open connections may go on after the end was told. */
    Duration drain() {
        return Duration.ofSeconds(drain);
    }

    Delivery delivery() {
        return delivery;
    }

    /** Loads the object, attaches its programs and sets what is to be set. */
    UserObject load(UserEngine engine) {
        var object = objectOptions.load(engine);
        whenFull.forEach(policy -> policy.apply(object));
        return object;
    }

    Proxy start(UserEngine engine, UserObject object, ProxyListener listener) throws IOException {
        return Proxy.start(
                engine,
                listen,
                upstreams,
                objectOptions.insertions(object),
                listener,
                Duration.of(busyPoll, ChronoUnit.MICROS));
    }

    /**
     * Starts the proxy on the kernel's sockmap.
     *
     * @param problems is told what goes wrong with single connections
     */
    KernelProxy startInKernel(SockmapObject object, Consumer<String> problems) throws IOException {
        return KernelProxy.start(listen, upstreams, objectOptions.insertions(object), problems);
    }

    SockmapObject load(SockmapEngine engine) {
        return objectOptions.load(engine);
    }

    /** Where connections go, in words. */
    String target() {
        return upstreams.isEmpty()
                ? ""
                : upstreams.stream()
                        .map(Addresses::print)
                        .collect(Collectors.joining(" and ", ", to ", ""));
    }
}
