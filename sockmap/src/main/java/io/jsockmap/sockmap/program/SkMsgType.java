package io.jsockmap.sockmap.program;

import static io.jsockmap.bpf.program.CallTrait.CHANGES_PACKET;
import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.sockmap.program.Arguments.u32;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.sockmap.socket.SkMsg;
import io.jsockmap.sockmap.socket.SockFields;

import java.util.List;

/** BPF_PROG_TYPE_SK_MSG: judges what a socket sends. */
final class SkMsgType {
    private static final ContextLayout<SkMsg> CONTEXT_FIELDS =
            AddressFields.add(
                            ContextLayout.<SkMsg>of("struct sk_msg_md", 80)
                                    .pointer(0, 8, "data", Content.PACKET, SkMsg::data)
                                    .pointer(8, 8, "data_end", Content.PACKET_END, SkMsg::dataEnd),
                            16,
                            SkMsg::socket)
                    .exact(68, 4, "size", SkMsg::length)
                    .pointer(
                            72,
                            8,
                            "sk",
                            new Content.Pointer(SockFields.SOCK, false),
                            (m, memory) -> AddressFields.pointer(m.socket(), memory))
                    .build();

    private static final List<Helper> HELPERS =
            List.of(
                    SocketMapRules.update(),
                    SocketMapRules.delete(),
                    RedirectHelper.byIndex(60, SkMsg.class),
                    Helper.of(61, SkMsgType::applyBytes, Result.NUMBER, CONTEXT, NUMBER),
                    Helper.of(62, SkMsgType::corkBytes, Result.NUMBER, CONTEXT, NUMBER),
                    Helper.of(63, SkMsgType::pull, Result.NUMBER, CONTEXT, NUMBER, NUMBER, NUMBER)
                            .with(CHANGES_PACKET),
                    RedirectHelper.byKey(71, SkMsg.class),
                    Helper.of(90, SkMsgType::push, Result.NUMBER, CONTEXT, NUMBER, NUMBER, NUMBER)
                            .with(CHANGES_PACKET),
                    Helper.of(91, SkMsgType::pop, Result.NUMBER, CONTEXT, NUMBER, NUMBER, NUMBER)
                            .with(CHANGES_PACKET));

    static final ProgramType TYPE =
            new ProgramType(
                    "sk_msg",
                    16,
                    CONTEXT_FIELDS,
                    Helper.table(
                            BaseHelpers.ALL,
                            SocketHelpers.CASTS,
                            SocketHelpers.netnsCookie(),
                            MapHelpers.ALL,
                            MapHelpers.STORAGE,
                            HELPERS),
                    Kfuncs.COMMON);

    private SkMsgType() {}

    private static long applyBytes(Run run, long[] a) {
        run.context(a[0], SkMsg.class).setApplyBytes(u32(a[1]));
        return 0;
    }

    private static long corkBytes(Run run, long[] a) {
        run.context(a[0], SkMsg.class).setCorkBytes(u32(a[1]));
        return 0;
    }

    private static long pull(Run run, long[] a) {
        return change(run, a, SkMsg::pull);
    }

    private static long push(Run run, long[] a) {
        return change(run, a, SkMsg::push);
    }

    private static long pop(Run run, long[] a) {
        return change(run, a, SkMsg::pop);
    }

    private interface Change {
        long make(SkMsg msg, long start, long end, long flags);
    }

    /** Pointers into the packet are invalid afterwards, also where nothing was changed. */
    private static long change(Run run, long[] a, Change change) {
        var msg = run.context(a[0], SkMsg.class);
        int before = msg.length();
        long result = change.make(msg, u32(a[1]), u32(a[2]), a[3]);
        run.memory().charge(Math.max(before, msg.length()) / Long.BYTES);
        msg.movePacket(run.memory());
        return result;
    }
}
