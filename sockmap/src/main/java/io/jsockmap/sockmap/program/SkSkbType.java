package io.jsockmap.sockmap.program;

import static io.jsockmap.bpf.program.CallTrait.CHANGES_PACKET;
import static io.jsockmap.bpf.program.CallTrait.RELEASES;
import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.READABLE;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.SOCKET;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE;
import static io.jsockmap.sockmap.program.Arguments.u32;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SkBuff;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockFields;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ToLongFunction;

/** BPF_PROG_TYPE_SK_SKB: parses and judges what a socket receives. */
final class SkSkbType {
    /** Ethertypes, in network order. */
    private static final int ETH_P_IP = 0x0008;

    private static final int ETH_P_IPV6 = 0xdd86;

    private static final long OVERFLOW_UID = 65534;

    private static final ContextLayout<SkBuff> CONTEXT_FIELDS =
            AddressFields.add(
                            ContextLayout.<SkBuff>of("struct __sk_buff", 192)
                                    .narrow(0, 4, "len", SkBuff::length)
                                    .narrow(4, 4, "pkt_type", _ -> 0)
                                    .hidden(8, 4, "mark")
                                    .narrow(12, 4, "queue_mapping", _ -> 0)
                                    .narrow(16, 4, "protocol", SkSkbType::protocol)
                                    .narrow(20, 4, "vlan_present", _ -> 0)
                                    .narrow(24, 4, "vlan_tci", _ -> 0)
                                    .narrow(28, 4, "vlan_proto", _ -> 0)
                                    .field(
                                            32,
                                            4,
                                            "priority",
                                            Loads.NARROW,
                                            (s, _) -> s.priority(),
                                            SkBuff::setPriority)
                                    .narrow(36, 4, "ingress_ifindex", _ -> 0)
                                    .narrow(40, 4, "ifindex", _ -> 0)
                                    .field(
                                            44,
                                            4,
                                            "tc_index",
                                            Loads.NARROW,
                                            (s, _) -> s.tcIndex(),
                                            SkBuff::setTcIndex)
                                    .narrow(48, 8, "cb[0], cb[1]", _ -> 0)
                                    .narrow(56, 8, "cb[2], cb[3]", _ -> 0)
                                    .narrow(64, 4, "cb[4]", _ -> 0)
                                    .narrow(68, 4, "hash", SkSkbType::hash)
                                    .hidden(72, 4, "tc_classid")
                                    .pointer(76, 4, "data", Content.PACKET, SkBuff::data)
                                    .pointer(80, 4, "data_end", Content.PACKET_END, SkBuff::dataEnd)
                                    .narrow(84, 4, "napi_id", _ -> 0),
                            88,
                            SkBuff::socket,
                            Loads.NARROW)
                    .hidden(140, 4, "data_meta")
                    .hidden(144, 8, "flow_keys")
                    .hidden(152, 8, "tstamp")
                    .hidden(160, 4, "wire_len")
                    .narrow(164, 4, "gso_segs", _ -> 0)
                    .pointer(
                            168,
                            8,
                            "sk",
                            new Content.Pointer(SockFields.SOCK_COMMON, true),
                            (s, memory) -> AddressFields.pointer(s.socket(), memory))
                    .narrow(176, 4, "gso_size", _ -> 0)
                    .hidden(180, 12, "tstamp_type, hwtstamp")
                    .build();

    private static final List<Helper> HELPERS =
            List.of(
                    SocketMapRules.update(),
                    SocketMapRules.delete(),
                    Helper.of(
                                    9,
                                    SkSkbType::storeBytes,
                                    Result.NUMBER,
                                    CONTEXT,
                                    NUMBER,
                                    READABLE,
                                    SIZE,
                                    NUMBER)
                            .with(CHANGES_PACKET),
                    Helper.of(
                            26,
                            SkSkbType::loadBytes,
                            Result.NUMBER,
                            CONTEXT,
                            NUMBER,
                            WRITABLE,
                            SIZE),
                    Helper.of(38, SkSkbType::changeTail, Result.NUMBER, CONTEXT, NUMBER, NUMBER)
                            .with(CHANGES_PACKET),
                    Helper.of(39, SkSkbType::pullData, Result.NUMBER, CONTEXT, NUMBER)
                            .with(CHANGES_PACKET),
                    Helper.of(43, SkSkbType::changeHead, Result.NUMBER, CONTEXT, NUMBER, NUMBER)
                            .with(CHANGES_PACKET),
                    Helper.of(46, SkSkbType::cookie, Result.NUMBER, CONTEXT),
                    Helper.of(47, SkSkbType::uid, Result.NUMBER, CONTEXT),
                    Helper.of(
                                    50,
                                    SkSkbType::adjustRoom,
                                    Result.NUMBER,
                                    CONTEXT,
                                    NUMBER,
                                    NUMBER,
                                    NUMBER)
                            .with(CHANGES_PACKET),
                    RedirectHelper.byIndex(52, SkBuff.class),
                    RedirectHelper.byKey(72, SkBuff.class),
                    Helper.of(86, SkSkbType::release, Result.NUMBER, SOCKET).with(RELEASES));

    static final ProgramType TYPE =
            new ProgramType(
                    "sk_skb",
                    14,
                    CONTEXT_FIELDS,
                    Helper.table(
                            BaseHelpers.ALL,
                            MapHelpers.ALL,
                            SocketHelpers.CASTS,
                            SocketHelpers.LOOKUPS,
                            HELPERS),
                    Kfuncs.COMMON);

    private SkSkbType() {}

    private static long protocol(SkBuff skb) {
        return switch (skb.socket().addresses().family()) {
            case Addresses.INET -> ETH_P_IP;
            case Addresses.INET6 -> ETH_P_IPV6;
            default -> 0;
        };
    }

    private static long hash(SkBuff skb) {
        return Integer.toUnsignedLong(skb.socket().addresses().hashCode());
    }

    private static long loadBytes(Run run, long[] a) {
        return run.context(a[0], SkBuff.class).load(u32(a[1]), run.memory(), a[2], u32(a[3]));
    }

    private static long storeBytes(Run run, long[] a) {
        var from = run.memory().readable(a[2], u32(a[3])).toArray(JAVA_BYTE);
        return change(run, a, skb -> skb.store(u32(a[1]), MemorySegment.ofArray(from), a[4]));
    }

    private static long changeTail(Run run, long[] a) {
        return change(run, a, skb -> skb.changeTail(u32(a[1]), a[2]));
    }

    private static long pullData(Run run, long[] a) {
        return change(run, a, skb -> skb.pull(u32(a[1])));
    }

    private static long changeHead(Run run, long[] a) {
        return change(run, a, skb -> skb.changeHead(u32(a[1]), a[2]));
    }

    private static long adjustRoom(Run run, long[] a) {
        return change(run, a, skb -> skb.adjustRoom((int) a[1], u32(a[2]), a[3]));
    }

    /** Pointers into the packet are invalid afterwards, also where nothing was changed. */
    private static long change(Run run, long[] a, ToLongFunction<SkBuff> helper) {
        var skb = run.context(a[0], SkBuff.class);
        run.memory().charge(skb.length() / Long.BYTES);
        long result = helper.applyAsLong(skb);
        skb.movePacket(run.memory());
        return result;
    }

    private static long cookie(Run run, long[] a) {
        return run.context(a[0], SkBuff.class).socket().cookie();
    }

    /** Whose socket it is, user space can't tell: the kernel's "somebody else" (overflowuid). */
    private static long uid(Run run, long[] a) {
        run.context(a[0], SkBuff.class);
        return OVERFLOW_UID;
    }

    /** Sockets are not counted here: the call is only checked to name one. */
    private static long release(Run run, long[] a) {
        run.context(a[0], Sock.class);
        return 0;
    }
}
