package io.jsockmap.conformance.ops;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.sockmap.Attachment;
import io.jsockmap.sockmap.SockmapObject;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The object {@code ops-trace}, attached, and the callbacks that it wrote down. The kernel's
 * program hears of all connections of its cgroup, the far ends among them, so that events are told
 * apart by their ports.
 */
final class Trace implements AutoCloseable {
    static final int LISTEN = 11;
    static final int CONNECT = 3;
    static final int REQUEST = 2;
    static final int ACTIVE = 4;
    static final int PASSIVE = 5;
    static final int STATE = 10;

    /** What asks for callbacks at changes of state. */
    static final int STATE_FLAG = 4;

    private static final long ROOM = 64;

    private final SockmapObject object;
    private final Attachment attachment;

    private Trace(SockmapObject object, Attachment attachment) {
        this.object = object;
        this.attachment = attachment;
    }

    /** A callback as the program saw it. */
    record Event(
            int op,
            int state,
            boolean fullSocket,
            int from,
            int to,
            int flags,
            boolean hasSocket,
            int localPort) {}

    static Trace start(Lab lab) {
        return start(lab, LoadOptions.DEFAULT);
    }

    /** One that asks for callbacks when it hears that. */
    static Trace asking(int op, long flags, Lab lab) {
        var options =
                LoadOptions.DEFAULT
                        .withVariable("flags_op", op)
                        .withVariable("wanted_flags", flags);
        return start(lab, options);
    }

    private static Trace start(Lab lab, LoadOptions options) {
        var object = lab.load("ops-trace", options);
        return new Trace(object, lab.engine().attach(object.program("trace")));
    }

    /** What bpf_sock_ops_cb_flags_set answered. */
    long flagsAnswer() {
        return object.variable("flags_answer").value();
    }

    /** How many callbacks there were, of any socket. */
    long count() {
        return object.variable("count").value();
    }

    /** Those of sockets with the port of the engine's end. */
    List<Event> of(Stream stream) {
        return of(stream.near());
    }

    List<Event> of(SockmapChannel end) {
        var local = (InetSocketAddress) end.socket().addresses().local();
        return LongStream.range(0, Math.min(count(), ROOM))
                .mapToObj(this::event)
                .filter(event -> event.localPort == local.getPort())
                .filter(event -> event.op != LISTEN)
                .toList();
    }

    List<Integer> opsOf(Stream stream) {
        return of(stream).stream().map(Event::op).toList();
    }

    /** The changes of state that were told, as "3-1". */
    List<String> changesOf(Stream stream) {
        return of(stream).stream()
                .filter(event -> event.op == STATE)
                .map(event -> event.from + "-" + event.to)
                .toList();
    }

    private Event event(long index) {
        var b =
                ByteBuffer.wrap(object.map("events").lookup(IndexKey.of(index)).orElseThrow())
                        .order(ByteOrder.nativeOrder());
        return new Event(
                b.getInt(),
                b.getInt(),
                b.getInt() == 1,
                b.getInt(),
                b.getInt(),
                b.getInt(),
                b.getInt() == 1,
                b.getInt());
    }

    /** Hears no more. */
    @Override
    public void close() {
        attachment.close();
    }
}
