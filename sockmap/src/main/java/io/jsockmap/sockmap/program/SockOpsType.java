package io.jsockmap.sockmap.program;

import static io.jsockmap.bpf.program.CallTrait.CHANGES_PACKET;
import static io.jsockmap.bpf.program.CallTrait.PACKET_ARGUMENTS;
import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.KEY;
import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.READABLE;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockFields;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * BPF_PROG_TYPE_SOCK_OPS: hears of connections. What only the kernel's TCP knows (windows, round
 * trips, sequence numbers, segments) reads 0, and so does what belongs to a packet: no callback
 * here has one. bytes_acked counts what the transport has written.
 */
final class SockOpsType {
    private static final ContextLayout<SockOps> CONTEXT_FIELDS = context();

    private static final List<Helper> HELPERS =
            List.of(
                    SocketMapRules.update(),
                    Helper.of(46, SockOpsType::cookie, Result.NUMBER, CONTEXT),
                    Helper.of(
                            49,
                            SockOpsType::setOption,
                            Result.NUMBER,
                            CONTEXT,
                            NUMBER,
                            NUMBER,
                            READABLE,
                            SIZE),
                    Helper.of(53, SockOpsType::mapUpdate, Result.NUMBER, CONTEXT, MAP, KEY, NUMBER)
                            .with(PACKET_ARGUMENTS),
                    Helper.of(
                            57,
                            SockOpsType::getOption,
                            Result.NUMBER,
                            CONTEXT,
                            NUMBER,
                            NUMBER,
                            WRITABLE,
                            SIZE),
                    Helper.of(59, SockOpsType::flagsSet, Result.NUMBER, CONTEXT, NUMBER),
                    Helper.of(70, SockOpsType::hashUpdate, Result.NUMBER, CONTEXT, MAP, KEY, NUMBER)
                            .with(PACKET_ARGUMENTS),
                    Helper.of(
                            142,
                            HeaderOptions::load,
                            Result.NUMBER,
                            CONTEXT,
                            WRITABLE,
                            SIZE,
                            NUMBER),
                    Helper.of(
                                    143,
                                    HeaderOptions::store,
                                    Result.NUMBER,
                                    CONTEXT,
                                    READABLE,
                                    SIZE,
                                    NUMBER)
                            .with(CHANGES_PACKET),
                    Helper.of(144, HeaderOptions::reserve, Result.NUMBER, CONTEXT, NUMBER, NUMBER));

    static final ProgramType TYPE =
            new ProgramType(
                            "sock_ops",
                            13,
                            CONTEXT_FIELDS,
                            Helper.table(
                                    BaseHelpers.ALL,
                                    SocketHelpers.CASTS,
                                    SocketHelpers.netnsCookie(),
                                    SocketHelpers.tcpSock(),
                                    MapHelpers.ALL,
                                    MapHelpers.STORAGE,
                                    HELPERS),
                            Kfuncs.COMMON)
                    .returning(0, 1)
                    .readingPackets();

    private SockOpsType() {}

    private static ContextLayout<SockOps> context() {
        var fields =
                AddressFields.add(
                                ContextLayout.<SockOps>of("struct bpf_sock_ops", 224)
                                        .exact(0, 4, "op", SockOps::op)
                                        .field(
                                                4,
                                                4,
                                                "reply",
                                                Loads.EXACT,
                                                (o, _) -> o.argument(0),
                                                SockOps::setReply)
                                        .words(8, 3, "args+1", (o, word) -> o.argument(word + 1)),
                                20,
                                SockOps::socket)
                        .exact(72, 4, "is_fullsock", o -> o.isFull() ? 1 : 0)
                        .words(76, 2, "snd_cwnd, srtt_us", (_, _) -> 0)
                        .exact(84, 4, "bpf_sock_ops_cb_flags", SockOps::flags)
                        .exact(88, 4, "state", SockOps::state)
                        .words(92, 18, "rtt_min .. sacked_out", (_, _) -> 0)
                        .field(
                                164,
                                4,
                                "sk_txhash",
                                Loads.EXACT,
                                (o, _) -> o.hash(),
                                SockOps::setHash)
                        .exact(168, 8, "bytes_received", o -> ofFull(o, Sock::bytesReceived))
                        .exact(176, 8, "bytes_acked", o -> ofFull(o, Sock::bytesWritten))
                        .pointer(
                                184,
                                8,
                                "sk",
                                new Content.Pointer(SockFields.SOCK, true),
                                SockOpsType::pointer);
        return fields.pointer(192, 8, "skb_data", Content.PACKET, (_, _) -> 0)
                .pointer(200, 8, "skb_data_end", Content.PACKET_END, (_, _) -> 0)
                .exact(208, 4, "skb_len", _ -> 0)
                .first(212, 4, "skb_tcp_flags", _ -> 0)
                .exact(216, 8, "skb_hwtstamp", _ -> 0)
                .build();
    }

    private static long ofFull(SockOps ops, ToLongFunction<Sock> value) {
        return ops.isFull() ? value.applyAsLong(ops.socket()) : 0;
    }

    private static long pointer(SockOps ops, Memory memory) {
        return ops.isFull() ? AddressFields.pointer(ops.socket(), memory) : 0;
    }

    private static long cookie(Run run, long[] a) {
        return run.context(a[0], SockOps.class).socket().cookie();
    }

    /** EINVAL for a connection that comes in: it has no options yet. */
    private static long setOption(Run run, long[] a) {
        var ops = run.context(a[0], SockOps.class);
        var value = run.memory().readable(a[3], a[4]).toArray(JAVA_BYTE);
        if (!ops.isFull()) return Errno.EINVAL.negative();
        return ops.socket().options().set((int) a[1], (int) a[2], value);
    }

    private static long getOption(Run run, long[] a) {
        var ops = run.context(a[0], SockOps.class);
        var to = run.memory().writable(a[3], a[4]);
        var value = new byte[(int) to.byteSize()];
        long result =
                ops.isFull()
                        ? ops.socket().options().get((int) a[1], (int) a[2], value)
                        : Errno.EINVAL.negative();
        to.copyFrom(MemorySegment.ofArray(value));
        return result;
    }

    private static long flagsSet(Run run, long[] a) {
        return run.context(a[0], SockOps.class).setFlags(a[1]);
    }

    private static long mapUpdate(Run run, long[] a) {
        return update(run, a, Arguments.sockMap(run, a[1]));
    }

    private static long hashUpdate(Run run, long[] a) {
        return update(run, a, Arguments.sockHash(run, a[1]));
    }

    private static long update(Run run, long[] a, UserSocketMap map) {
        var ops = run.context(a[0], SockOps.class);
        if (!ops.mayUpdateMaps()) return Errno.EOPNOTSUPP.negative();
        var key = Arguments.key(run, map, a[2]);
        return map.updateSocketFromProgram(key, ops.socket(), a[3]);
    }
}
