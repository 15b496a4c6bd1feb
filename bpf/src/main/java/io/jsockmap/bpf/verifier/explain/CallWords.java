package io.jsockmap.bpf.verifier.explain;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.Program;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of the functions of the kernel that a program calls. */
final class CallWords {
    /** Parameters as their authors write them, where these say more than their kinds. */
    private static final Map<String, String> PARAMETERS =
            Map.of(
                    "bpf_msg_redirect_map", "msg, &map, index, flags",
                    "bpf_msg_redirect_hash", "msg, &map, &key, flags",
                    "bpf_sk_redirect_map", "skb, &map, index, flags",
                    "bpf_sk_redirect_hash", "skb, &map, &key, flags",
                    "bpf_sock_map_update", "skops, &map, &key, flags",
                    "bpf_sock_hash_update", "skops, &map, &key, flags",
                    "bpf_map_lookup_elem", "&map, &key",
                    "bpf_map_update_elem", "&map, &key, &value, flags",
                    "bpf_map_delete_elem", "&map, &key",
                    "bpf_tail_call", "ctx, &map, index");

    /** How what a function takes is given back. */
    private static final Map<String, String> RELEASES =
            Map.of(
                    "bpf_sk_lookup_tcp", "bpf_sk_release(sk)",
                    "bpf_sk_lookup_udp", "bpf_sk_release(sk)",
                    "bpf_skc_lookup_tcp", "bpf_sk_release(sk)",
                    "bpf_ringbuf_reserve",
                            "bpf_ringbuf_submit(record, 0) or bpf_ringbuf_discard(record, 0)",
                    "bpf_ringbuf_reserve_dynptr",
                            "bpf_ringbuf_submit_dynptr(&ptr, 0) or bpf_ringbuf_discard_dynptr(&ptr,"
                                    + " 0)",
                    "bpf_iter_num_new", "bpf_iter_num_destroy(&it)",
                    "bpf_map_lookup_elem", "bpf_sk_release(sk)");

    private final Program program;

    CallWords(Program program) {
        this.program = program;
    }

    private Optional<Helper> helper(Instruction i) {
        return program.type().called(i);
    }

    private Optional<Kfunc> kfunc(Instruction i) {
        return i.calls(Callee.KFUNC) ? program.type().kfunc(i.immediate()) : Optional.empty();
    }

    private Set<CallTrait> traits(Instruction i) {
        return helper(i).map(Helper::traits).or(() -> kfunc(i).map(Kfunc::traits)).orElse(Set.of());
    }

    boolean changesPacket(Instruction i) {
        return traits(i).contains(CallTrait.CHANGES_PACKET);
    }

    boolean releases(Instruction i) {
        return traits(i).contains(CallTrait.RELEASES);
    }

    boolean acquires(Instruction i) {
        return traits(i).contains(CallTrait.ACQUIRES);
    }

    boolean mayGiveNull(Instruction i) {
        var result = helper(i).map(Helper::result).or(() -> kfunc(i).map(Kfunc::result));
        return result.filter(Result::mayBeNull).isPresent();
    }

    /** The name of the function that is called; empty if it is none of the kernel's. */
    Optional<String> name(Instruction i) {
        return i.calls(Callee.HELPER)
                ? Optional.of(HelperNames.of((int) i.immediate()))
                : kfunc(i).map(Kfunc::name);
    }

    /** The call as it must be written: {@code bpf_msg_redirect_map(msg, &map, index, flags)}. */
    Optional<String> prototype(Instruction i) {
        var arguments = helper(i).map(Helper::arguments).or(() -> kfunc(i).map(Kfunc::arguments));
        return name(i).map(name -> "%s(%s)".formatted(name, parameters(name, arguments)));
    }

    private static String parameters(String name, Optional<List<Argument>> arguments) {
        if (PARAMETERS.containsKey(name)) return PARAMETERS.get(name);
        return arguments.orElse(List.of()).stream()
                .map(CallWords::word)
                .collect(Collectors.joining(", "));
    }

    private static String word(Argument argument) {
        return switch (argument) {
            case CONTEXT, CONTEXT_OR_NULL -> "ctx";
            case MAP -> "&map";
            case KEY -> "&key";
            case VALUE, VALUE_OR_NULL, VALUE_TO_FILL, WRITABLE_VALUE -> "&value";
            case READABLE, READABLE_OR_NULL, WRITABLE, WRITABLE_OR_NULL -> "memory";
            case SIZE, SIZE_OR_ZERO, MEMORY_SIZE, CONSTANT_SIZE -> "size";
            case SOCKET, SOCKET_FOR_PROGRAMS -> "sk";
            case CALLBACK_CONTEXT -> "&context";
            case SCALAR -> "number";
            default -> argument.name().toLowerCase(Locale.ROOT);
        };
    }

    /** How what that function takes is given back, in C. */
    static Optional<String> release(String name) {
        return Optional.ofNullable(RELEASES.get(name));
    }
}
