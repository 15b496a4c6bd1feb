package io.jsockmap.kernel.inspect;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.kernel.call.Descriptor;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;

/**
 * What the kernel tells of a program ({@code struct bpf_prog_info}).
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="inspect"}
 *
 * @param id its number in this kernel
 * @param type the kernel's number of its type
 * @param name its first 15 letters
 * @param tag of its instructions, as bpftool writes it
 * @param instructions bytes of its instructions as the kernel runs them, untranslated
 * @param translated bytes of machine code; 0 if it is interpreted
 * @param loadedAt nanoseconds since boot
 * @param owner the user that loaded it
 * @param gplCompatible whether its license is
 */
public record ProgramInfo(
        int id,
        int type,
        String name,
        String tag,
        int instructions,
        int translated,
        long loadedAt,
        int owner,
        boolean gplCompatible) {
    private static final int SIZE = 128;

    /** By the kernel's numbers, as bpftool calls them. */
    private static final List<String> TYPES =
            List.of(
                    "unspec",
                    "socket_filter",
                    "kprobe",
                    "sched_cls",
                    "sched_act",
                    "tracepoint",
                    "xdp",
                    "perf_event",
                    "cgroup_skb",
                    "cgroup_sock",
                    "lwt_in",
                    "lwt_out",
                    "lwt_xmit",
                    "sock_ops",
                    "sk_skb",
                    "cgroup_device",
                    "sk_msg",
                    "raw_tracepoint",
                    "cgroup_sock_addr",
                    "lwt_seg6local",
                    "lirc_mode2",
                    "sk_reuseport",
                    "flow_dissector",
                    "cgroup_sysctl",
                    "raw_tracepoint_writable",
                    "cgroup_sockopt",
                    "tracing",
                    "struct_ops",
                    "ext",
                    "lsm",
                    "sk_lookup",
                    "syscall",
                    "netfilter");

    /** The type's name, or its number if it has none here. */
    public String typeName() {
        return type >= 0 && type < TYPES.size() ? TYPES.get(type) : "type " + type;
    }

    /**
     * Asks.
     *
     * @throws BpfException if it is no program
     */
    public static ProgramInfo of(Descriptor program) {
        return ObjectInfo.of(program, SIZE, "a program", ProgramInfo::read);
    }

    private static ProgramInfo read(MemorySegment info) {
        return new ProgramInfo(
                info.get(JAVA_INT, 4),
                info.get(JAVA_INT, 0),
                ObjectInfo.name(info, 64),
                HexFormat.of().formatHex(info.asSlice(8, 8).toArray(JAVA_BYTE)),
                info.get(JAVA_INT, 20),
                info.get(JAVA_INT, 16),
                info.get(JAVA_LONG, 40),
                info.get(JAVA_INT, 48),
                (info.get(JAVA_INT, 84) & 1) != 0);
    }
}
