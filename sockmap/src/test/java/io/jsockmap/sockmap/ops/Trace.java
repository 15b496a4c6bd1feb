package io.jsockmap.sockmap.ops;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The program ops-trace, and the callbacks that it wrote down. */
final class Trace {
    private final UserObject object;

    private Trace(UserObject object) {
        this.object = object;
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
            int localPort,
            long received,
            long acked) {}

    static Trace in(Network network) {
        return in(network, LoadOptions.DEFAULT);
    }

    /** With changes of its variables. */
    static Trace in(Network network, LoadOptions options) {
        return new Trace(network.load("ops-trace", options));
    }

    Program program() {
        return object.program("trace");
    }

    /** What bpf_sock_ops_cb_flags_set answered. */
    long flagsAnswer() {
        return object.variable("flags_answer").value();
    }

    List<Event> events() {
        List<Event> all = new ArrayList<>();
        for (int i = 0; i < object.variable("count").value(); i++) all.add(event(i));
        return all;
    }

    private Event event(int index) {
        var bytes = object.map("events").lookup(Bytes.u32(index)).orElseThrow();
        var b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new Event(
                b.getInt(),
                b.getInt(),
                b.getInt() == 1,
                b.getInt(),
                b.getInt(),
                b.getInt(),
                b.getInt() == 1,
                b.getInt(),
                b.getLong(),
                b.getLong());
    }

    List<Integer> ops() {
        return events().stream().map(Event::op).toList();
    }

    /** The changes of state that were told, as "3-1". */
    List<String> changes() {
        return events().stream()
                .filter(event -> event.op == 10)
                .map(event -> event.from + "-" + event.to)
                .toList();
    }
}
