package io.jsockmap.sockmap.program;

import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.KEY;
import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.sockmap.map.SocketMap;

import java.util.List;

/**
 * BPF_PROG_TYPE_SOCK_OPS: hears of connections. What only the kernel's TCP knows (windows, round
 * trips, sequence numbers) reads 0.
 */
final class SockOpsType {
    private static final ContextLayout<SockOps> CONTEXT_FIELDS = context();

    private static final List<Helper> HELPERS =
            List.of(
                    Helper.of(46, SockOpsType::cookie, Result.NUMBER, CONTEXT),
                    Helper.of(53, SockOpsType::mapUpdate, Result.NUMBER, CONTEXT, MAP, KEY, NUMBER),
                    Helper.of(59, SockOpsType::flagsSet, Result.NUMBER, CONTEXT, NUMBER),
                    Helper.of(
                            70, SockOpsType::hashUpdate, Result.NUMBER, CONTEXT, MAP, KEY, NUMBER));

    static final ProgramType TYPE =
            new ProgramType("sock_ops", 13, CONTEXT_FIELDS, Helper.table(BaseHelpers.ALL, HELPERS));

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
                                                SockOps::reply)
                                        .words(8, 3, "args+1", (o, word) -> o.argument(word + 1)),
                                20,
                                SockOps::socket)
                        .exact(72, 4, "is_fullsock", _ -> 1)
                        .words(76, 2, "snd_cwnd, srtt_us", (_, _) -> 0)
                        .exact(84, 4, "bpf_sock_ops_cb_flags", o -> o.socket().operationFlags())
                        .exact(88, 4, "state", o -> o.socket().state().number())
                        .words(92, 18, "rtt_min .. sacked_out", (_, _) -> 0)
                        .field(
                                164,
                                4,
                                "sk_txhash",
                                Loads.EXACT,
                                (o, _) -> o.hash(),
                                SockOps::setHash)
                        .exact(168, 8, "bytes_received", _ -> 0)
                        .exact(176, 8, "bytes_acked", _ -> 0)
                        .pointer(
                                184,
                                8,
                                "sk",
                                (o, memory) -> AddressFields.pointer(o.socket(), memory));
        return fields.exact(192, 8, "skb_data", _ -> 0)
                .exact(200, 8, "skb_data_end", _ -> 0)
                .words(208, 2, "skb_len, skb_tcp_flags", (_, _) -> 0)
                .exact(216, 8, "skb_hwtstamp", _ -> 0)
                .build();
    }

    private static long cookie(Run run, long[] a) {
        return run.context(a[0], SockOps.class).socket().cookie();
    }

    private static long flagsSet(Run run, long[] a) {
        return run.context(a[0], SockOps.class).setFlags(a[1]);
    }

    private static long mapUpdate(Run run, long[] a) {
        return update(run, a, RedirectHelper.sockMap(run, a[1]));
    }

    private static long hashUpdate(Run run, long[] a) {
        return update(run, a, RedirectHelper.sockHash(run, a[1]));
    }

    private static long update(Run run, long[] a, SocketMap map) {
        var ops = run.context(a[0], SockOps.class);
        if (!ops.isEstablishing()) return Errno.EOPNOTSUPP.negative();
        var key = RedirectHelper.key(run, map, a[2]);
        return map.updateSocketFromProgram(key, ops.socket(), a[3]);
    }
}
