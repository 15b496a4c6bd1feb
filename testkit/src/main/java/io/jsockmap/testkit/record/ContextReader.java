package io.jsockmap.testkit.record;

import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Loads;

import java.util.ArrayList;
import java.util.List;

/** Reads the fields of a context that its programs may read. */
final class ContextReader {
    private ContextReader() {}

    static <C> List<Named> fields(ContextRegion<C> context, Memory memory) {
        List<Named> all = new ArrayList<>();
        for (var field : context.layout().fields()) {
            if (field.loads() != Loads.NONE) all.add(field(field, context.context(), memory));
        }
        return all;
    }

    /** Pointers are not asked for: that would make reachable what the program did not ask for. */
    private static <C> Named field(ContextField<C> field, C context, Memory memory) {
        return switch (field.content()) {
            case Content.PacketStart _ -> new Named(field.name(), 0, "packet");
            case Content.PacketEnd _ -> new Named(field.name(), 0, "packet (end)");
            case Content.Pointer(var structure, var _) ->
                    new Named(field.name(), 0, structure.layout().name());
            case Content.Scalar _ -> {
                long value = field.cut(field.getter().get(context, memory));
                yield new Named(field.name(), value, text(field.name(), value));
            }
        };
    }

    private static String text(String name, long value) {
        return switch (name) {
            case "remote_ip4", "local_ip4" ->
                    "%d.%d.%d.%d"
                            .formatted(
                                    value & 0xff,
                                    value >> 8 & 0xff,
                                    value >> 16 & 0xff,
                                    value >> 24 & 0xff);
            case "remote_port" ->
                    "htonl(%d)"
                            .formatted(Integer.toUnsignedLong(Integer.reverseBytes((int) value)));
            case "family" -> family(value);
            case "op" -> operation(value);
            default -> Pointers.numberText(value);
        };
    }

    private static String family(long value) {
        return switch ((int) value) {
            case 1 -> "AF_UNIX";
            case 2 -> "AF_INET";
            case 10 -> "AF_INET6";
            case 40 -> "AF_VSOCK";
            default -> Long.toString(value);
        };
    }

    private static String operation(long value) {
        return switch ((int) value) {
            case 3 -> "BPF_SOCK_OPS_TCP_CONNECT_CB";
            case 4 -> "BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB";
            case 5 -> "BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB";
            case 10 -> "BPF_SOCK_OPS_STATE_CB";
            case 11 -> "BPF_SOCK_OPS_TCP_LISTEN_CB";
            default -> Long.toString(value);
        };
    }
}
