package io.jsockmap.testkit.lint;

import static io.jsockmap.bpf.program.HelperNumbers.CB_FLAGS_SET;
import static io.jsockmap.bpf.program.HelperNumbers.INSERTS;
import static io.jsockmap.bpf.program.HelperNumbers.SETSOCKOPT;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.testkit.lint.flow.State;
import io.jsockmap.testkit.lint.flow.Value.Field;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What sock_ops programs rely on. */
final class Connections implements Check {
    /**
     * A callback that is made only if it was asked for.
     *
     * @param flags any of these bits asks for it
     */
    private record Callback(String name, String flag, long flags) {}

    private static final Map<Long, Callback> CALLBACKS =
            Map.of(
                    8L, callback("RTO_CB", 1),
                    9L, callback("RETRANS_CB", 2),
                    10L, callback("STATE_CB", 4),
                    12L, callback("RTT_CB", 8),
                    13L, new Callback("PARSE_HDR_OPT_CB", "PARSE_ALL_HDR_OPT_CB_FLAG", 16 | 32),
                    14L, new Callback("HDR_OPT_LEN_CB", "WRITE_HDR_OPT_CB_FLAG", 64),
                    15L, new Callback("WRITE_HDR_OPT_CB", "WRITE_HDR_OPT_CB_FLAG", 64));

    private static Callback callback(String name, long flag) {
        return new Callback(name, name + "_FLAG", flag);
    }

    @Override
    public void look(Subjects object, Findings findings) {
        var enabled = enabledFlags(object);
        var reported = new HashSet<String>();
        for (var subject : object.all()) {
            if (!subject.isSockOps()) continue;
            enabled.ifPresent(flags -> callbacks(subject, flags, findings));
            if (!hasVerdict(object)) insertions(subject, reported, findings);
        }
    }

    /** All flags that programs of the object set, if they are known. */
    private static OptionalLong enabledFlags(Subjects object) {
        long all = 0;
        for (var subject : object.all()) {
            // An option of the socket sets them too.
            if (subject.calls(SETSOCKOPT)) return OptionalLong.empty();
            for (var call : subject.calls(Set.of(CB_FLAGS_SET))) {
                if (call.constant(2).isEmpty()) return OptionalLong.empty();
                all |= call.constant(2).getAsLong();
            }
        }
        return OptionalLong.of(all);
    }

    private static void callbacks(Subject subject, long enabled, Findings findings) {
        subject.flow()
                .walk(
                        (slot, i, before) ->
                                waitedFor(i, before)
                                        .filter(callback -> (callback.flags() & enabled) == 0)
                                        .ifPresent(
                                                callback ->
                                                        report(subject, slot, callback, findings)));
    }

    private static Optional<Callback> waitedFor(Instruction i, State before) {
        boolean compares =
                i.operation() instanceof Jump(JumpOp op, int _, Source source)
                        && (op == JumpOp.JEQ || op == JumpOp.JNE)
                        && source == Source.IMMEDIATE;
        boolean operation =
                compares
                        && before.register(i.dst()) instanceof Field field
                        && field.text().equals("op");
        return operation ? Optional.ofNullable(CALLBACKS.get(i.immediate())) : Optional.empty();
    }

    private static void report(Subject subject, int slot, Callback callback, Findings findings) {
        findings.add(
                Rule.CALLBACK_NOT_ENABLED,
                Severity.WARNING,
                subject,
                slot,
                "BPF_SOCK_OPS_%s comes only for sockets that have asked for it, and no program of this object does."
                        .formatted(callback.name()),
                "Call bpf_sock_ops_cb_flags_set(ctx, BPF_SOCK_OPS_%s) when the connection is established."
                        .formatted(callback.flag()));
    }

    /** Whether a program, be it loaded or not, could be attached to a map of sockets. */
    private static boolean hasVerdict(Subjects object) {
        boolean loaded = object.all().stream().anyMatch(s -> s.isMessage() || s.isBuffer());
        return loaded
                || object.spec().programs().stream()
                        .map(p -> SocketPrograms.ofSection(p.section()))
                        .flatMap(Optional::stream)
                        .anyMatch(type -> type.number() != SocketPrograms.SOCK_OPS.number());
    }

    private static void insertions(Subject subject, Set<String> reported, Findings findings) {
        for (var call : subject.calls(INSERTS)) {
            var map = call.map();
            if (map.isEmpty() || map.get().definition().pinnedByName()) continue;
            if (!reported.add(map.get().name())) continue;
            findings.add(
                    Rule.MAP_WITHOUT_PROGRAM,
                    Severity.NOTE,
                    subject,
                    call.slot(),
                    "Sockets go into %s here, and no program of this object can be attached to it."
                            .formatted(map.get().name()));
        }
    }
}
