package io.jsockmap.bench.speed;

import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Run;

import java.util.List;

/**
 * BPF_PROG_TYPE_SCHED_CLS, as far as the programs here use it: what a program for tc sees of a
 * packet. The kernel runs this type on bytes that it is given, which it does not for programs of
 * sockmaps.
 */
final class TrafficControl {
    private static final ContextLayout<Packet> CONTEXT_FIELDS =
            ContextLayout.<Packet>of("struct __sk_buff", 192)
                    .narrow(0, 4, "len", Packet::length)
                    .pointer(76, 4, "data", Content.PACKET, Packet::data)
                    .pointer(80, 4, "data_end", Content.PACKET_END, Packet::dataEnd)
                    .build();

    private static final Helper LOAD_BYTES =
            Helper.of(
                    26, TrafficControl::loadBytes, Result.NUMBER, CONTEXT, NUMBER, WRITABLE, SIZE);

    static final ProgramType TYPE =
            new ProgramType(
                    "sched_cls",
                    3,
                    CONTEXT_FIELDS,
                    Helper.table(BaseHelpers.ALL, List.of(LOAD_BYTES)));

    private TrafficControl() {}

    /** What R1 points to. */
    static ContextRegion<Packet> context(Packet packet) {
        return new ContextRegion<>("context", CONTEXT_FIELDS, packet);
    }

    private static long loadBytes(Run run, long[] a) {
        long offset = Integer.toUnsignedLong((int) a[1]);
        long size = Integer.toUnsignedLong((int) a[3]);
        return run.context(a[0], Packet.class).load(offset, run.memory(), a[2], size);
    }
}
