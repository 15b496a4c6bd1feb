package io.jsockmap.sockmap.program;

import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.KEY;
import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.sockmap.map.SockFields;
import io.jsockmap.sockmap.map.SocketMap;
import io.jsockmap.sockmap.socket.SkMsg;

import java.util.List;

/** BPF_PROG_TYPE_SK_MSG: judges what a socket sends. */
final class SkMsgType {
    private static final ContextLayout<SkMsg> CONTEXT_FIELDS =
            ContextLayout.<SkMsg>of("struct sk_msg_md", 80)
                    .pointer(0, 8, "data", SkMsg::data)
                    .pointer(8, 8, "data_end", SkMsg::dataEnd)
                    .exact(16, 4, "family", m -> m.socket().addresses().family())
                    .exact(20, 4, "remote_ip4", m -> m.socket().addresses().remoteIp4())
                    .exact(24, 4, "local_ip4", m -> m.socket().addresses().localIp4())
                    .words(28, 4, "remote_ip6", (m, w) -> m.socket().addresses().remoteIp6(w))
                    .words(44, 4, "local_ip6", (m, w) -> m.socket().addresses().localIp6(w))
                    .exact(60, 4, "remote_port", m -> m.socket().addresses().remotePort())
                    .exact(64, 4, "local_port", m -> m.socket().addresses().localPort())
                    .exact(68, 4, "size", SkMsg::size)
                    .pointer(
                            72,
                            8,
                            "sk",
                            (m, memory) ->
                                    memory.addressOf(
                                            new ContextRegion<>(
                                                    "socket", SockFields.LAYOUT, m.socket())))
                    .build();

    private static final List<Helper> HELPERS =
            List.of(
                    Helper.of(
                            60,
                            SkMsgType::redirectMap,
                            Result.NUMBER,
                            CONTEXT,
                            MAP,
                            NUMBER,
                            NUMBER),
                    Helper.of(
                            71, SkMsgType::redirectHash, Result.NUMBER, CONTEXT, MAP, KEY, NUMBER));

    static final ProgramType TYPE =
            new ProgramType("sk_msg", 16, CONTEXT_FIELDS, Helper.table(BaseHelpers.ALL, HELPERS));

    private SkMsgType() {}

    private static long redirectMap(Run run, long[] a) {
        return redirect(run, a, IndexKey.of(a[2]), RedirectHelper.sockMap(run, a[1]));
    }

    private static long redirectHash(Run run, long[] a) {
        var map = RedirectHelper.sockHash(run, a[1]);
        return redirect(run, a, RedirectHelper.key(run, map, a[2]), map);
    }

    private static long redirect(Run run, long[] a, byte[] key, SocketMap map) {
        var msg = run.context(a[0], SkMsg.class);
        var chosen = RedirectHelper.choose(map, key, a[3]);
        // A failed call records nothing: an earlier choice of this run stands.
        chosen.ifPresent(msg::redirectTo);
        return chosen.isPresent() ? RedirectHelper.SK_PASS : RedirectHelper.SK_DROP;
    }
}
