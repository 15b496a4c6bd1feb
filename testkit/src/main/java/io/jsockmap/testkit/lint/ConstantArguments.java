package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.program.HelperNumbers;
import io.jsockmap.testkit.lint.flow.CallSite;

import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** Calls whose constant arguments the helper always refuses. */
final class ConstantArguments implements Check {
    private static final long F_INGRESS = 1;
    private static final long F_LOCK = 4;
    private static final long EXIST = 2;
    private static final long CHECKSUM_AND_HASH = 3;
    private static final long CALLBACKS = 127;

    /**
     * What a helper refuses.
     *
     * @param refused whether the call is such
     * @param why what it does, and why
     */
    private record Row(int helper, Predicate<CallSite> refused, String why) {}

    private static final List<Row> ROWS =
            List.of(
                    redirect(HelperNumbers.SK_REDIRECT_MAP),
                    redirect(HelperNumbers.SK_REDIRECT_HASH),
                    redirect(HelperNumbers.MSG_REDIRECT_MAP),
                    redirect(HelperNumbers.MSG_REDIRECT_HASH),
                    index(HelperNumbers.SK_REDIRECT_MAP),
                    index(HelperNumbers.MSG_REDIRECT_MAP),
                    flags(HelperNumbers.MSG_PULL, 4),
                    flags(HelperNumbers.MSG_PUSH, 4),
                    flags(HelperNumbers.MSG_POP, 4),
                    flags(HelperNumbers.CHANGE_TAIL, 3),
                    flags(HelperNumbers.CHANGE_HEAD, 3),
                    flags(HelperNumbers.ADJUST_ROOM, 4),
                    row(
                            HelperNumbers.ADJUST_ROOM,
                            3,
                            mode -> mode != 0,
                            "gives EINVAL: on these buffers the mode must be 0"),
                    row(
                            HelperNumbers.STORE_BYTES,
                            5,
                            flags -> (flags & ~CHECKSUM_AND_HASH) != 0,
                            "gives EINVAL: flags are BPF_F_RECOMPUTE_CSUM and"
                                    + " BPF_F_INVALIDATE_HASH"),
                    update(HelperNumbers.SOCK_MAP_UPDATE),
                    update(HelperNumbers.SOCK_HASH_UPDATE),
                    row(
                            HelperNumbers.MAP_UPDATE,
                            4,
                            flags -> (flags & ~F_LOCK) > EXIST,
                            "gives EINVAL: flags are BPF_ANY, BPF_NOEXIST and BPF_EXIST"),
                    row(
                            HelperNumbers.CB_FLAGS_SET,
                            2,
                            flags -> (flags & ~CALLBACKS) != 0,
                            "gives back flags that there are not"),
                    new Row(
                            HelperNumbers.MSG_PULL,
                            ConstantArguments::isEmptyRange,
                            "gives EINVAL: the end must lie behind the start"));

    @Override
    public void look(Subjects object, Findings findings) {
        for (var subject : object.all()) {
            for (var call : subject.flow().calls()) {
                for (var row : ROWS) {
                    if (row.helper() != call.helper() || !row.refused().test(call)) continue;
                    findings.add(
                            Rule.CALL_ALWAYS_FAILS,
                            Severity.ERROR,
                            subject,
                            call.slot(),
                            "%s %s.".formatted(call.name(), row.why()));
                }
            }
        }
    }

    private static Row row(int helper, int argument, LongPredicate refused, String why) {
        return new Row(
                helper,
                call -> {
                    var number = call.constant(argument);
                    return number.isPresent() && refused.test(number.getAsLong());
                },
                why);
    }

    private static Row redirect(int helper) {
        return row(
                helper,
                4,
                flags -> (flags & ~F_INGRESS) != 0,
                "returns SK_DROP and chooses nothing: the only flag is BPF_F_INGRESS (1)");
    }

    private static Row flags(int helper, int argument) {
        return row(helper, argument, flags -> flags != 0, "gives EINVAL: its flags must be 0");
    }

    private static Row update(int helper) {
        return row(
                helper,
                4,
                flags -> flags > EXIST || flags < 0,
                "gives EINVAL: flags are BPF_ANY, BPF_NOEXIST and BPF_EXIST");
    }

    private static Row index(int helper) {
        return new Row(
                helper,
                call -> {
                    var index = call.constant(3);
                    return index.isPresent()
                            && call.map()
                                    .filter(m -> beyond(index.getAsLong(), m.maxEntries()))
                                    .isPresent();
                },
                "returns SK_DROP and chooses nothing: the map has no such slot");
    }

    private static boolean beyond(long index, long entries) {
        return (index & 0xffff_ffffL) >= entries;
    }

    private static boolean isEmptyRange(CallSite call) {
        var start = call.constant(2);
        var end = call.constant(3);
        return start.isPresent()
                && end.isPresent()
                && Integer.compareUnsigned((int) end.getAsLong(), (int) start.getAsLong()) <= 0;
    }
}
