package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.socket.SkMsg;

import java.util.List;

/** BPF_PROG_TYPE_SK_MSG: judges what a socket sends. */
final class SkMsgType {
    private static final ContextLayout<SkMsg> CONTEXT_FIELDS =
            AddressFields.add(
                            ContextLayout.<SkMsg>of("struct sk_msg_md", 80)
                                    .pointer(0, 8, "data", SkMsg::data)
                                    .pointer(8, 8, "data_end", SkMsg::dataEnd),
                            16,
                            SkMsg::socket)
                    .exact(68, 4, "size", SkMsg::length)
                    .pointer(72, 8, "sk", (m, memory) -> AddressFields.pointer(m.socket(), memory))
                    .build();

    private static final List<Helper> HELPERS =
            List.of(RedirectHelper.byIndex(60, SkMsg.class), RedirectHelper.byKey(71, SkMsg.class));

    static final ProgramType TYPE =
            new ProgramType("sk_msg", 16, CONTEXT_FIELDS, Helper.table(BaseHelpers.ALL, HELPERS));

    private SkMsgType() {}
}
