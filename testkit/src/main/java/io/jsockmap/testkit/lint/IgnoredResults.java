package io.jsockmap.testkit.lint;

import static io.jsockmap.bpf.program.HelperNumbers.ADJUST_ROOM;
import static io.jsockmap.bpf.program.HelperNumbers.CB_FLAGS_SET;
import static io.jsockmap.bpf.program.HelperNumbers.CHANGE_HEAD;
import static io.jsockmap.bpf.program.HelperNumbers.CHANGE_TAIL;
import static io.jsockmap.bpf.program.HelperNumbers.LOAD_BYTES;
import static io.jsockmap.bpf.program.HelperNumbers.MAP_UPDATE;
import static io.jsockmap.bpf.program.HelperNumbers.MSG_POP;
import static io.jsockmap.bpf.program.HelperNumbers.MSG_PULL;
import static io.jsockmap.bpf.program.HelperNumbers.MSG_PUSH;
import static io.jsockmap.bpf.program.HelperNumbers.REDIRECTS;
import static io.jsockmap.bpf.program.HelperNumbers.RINGBUF_OUTPUT;
import static io.jsockmap.bpf.program.HelperNumbers.SKB_PULL;
import static io.jsockmap.bpf.program.HelperNumbers.SOCK_HASH_UPDATE;
import static io.jsockmap.bpf.program.HelperNumbers.SOCK_MAP_UPDATE;
import static io.jsockmap.bpf.program.HelperNumbers.STORE_BYTES;

import io.jsockmap.bpf.map.MapType;
import io.jsockmap.testkit.lint.flow.CallSite;

import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Results that nobody looks at. */
final class IgnoredResults implements Check {
    /**
     * A helper that can fail.
     *
     * @param severity how bad it is not to notice
     * @param consequence what follows "where it fails"
     */
    private record Row(Severity severity, String consequence) {}

    private static final Map<Integer, Row> HELPERS =
            Map.ofEntries(
                    row(
                            MAP_UPDATE,
                            Severity.NOTE,
                            "the element is missing, or keeps its old value"),
                    row(STORE_BYTES, Severity.WARNING, "the message keeps its old bytes"),
                    row(LOAD_BYTES, Severity.NOTE, "the program goes on with zeros"),
                    row(CHANGE_TAIL, Severity.WARNING, "the message keeps its length"),
                    row(SKB_PULL, Severity.NOTE, "the message looks too short"),
                    row(CHANGE_HEAD, Severity.WARNING, "the message keeps its length"),
                    row(ADJUST_ROOM, Severity.WARNING, "the message keeps its length"),
                    row(SOCK_MAP_UPDATE, Severity.NOTE, "the socket is not in the map"),
                    row(CB_FLAGS_SET, Severity.NOTE, "callbacks that were asked for do not come"),
                    row(
                            MSG_PULL,
                            Severity.WARNING,
                            "data still points to the first piece of the message"),
                    row(SOCK_HASH_UPDATE, Severity.NOTE, "the socket is not in the map"),
                    row(
                            MSG_PUSH,
                            Severity.WARNING,
                            "there is no room, and what is written there overwrites the message"),
                    row(MSG_POP, Severity.WARNING, "the bytes are still there"),
                    row(RINGBUF_OUTPUT, Severity.NOTE, "the record is lost"));

    /** Updates of these do not fail for lack of room. */
    private static final Set<MapType> ALWAYS_ROOM =
            EnumSet.of(
                    MapType.ARRAY, MapType.PERCPU_ARRAY, MapType.LRU_HASH, MapType.LRU_PERCPU_HASH);

    /** All bits that bpf_sock_ops_cb_flags_set takes. */
    private static final int ALL_CALLBACKS = 127;

    private static Map.Entry<Integer, Row> row(int helper, Severity severity, String consequence) {
        return Map.entry(helper, new Row(severity, consequence));
    }

    @Override
    public void look(Subjects object, Findings findings) {
        for (var subject : object.all()) {
            for (var call : subject.flow().calls()) {
                if (!subject.flow().isResultRead(call)) look(subject, call, findings);
            }
        }
    }

    private static void look(Subject subject, CallSite call, Findings findings) {
        if (REDIRECTS.contains(call.helper())) {
            redirect(subject, call, findings);
            return;
        }
        var row = HELPERS.get(call.helper());
        if (row == null || cannotFail(call)) return;
        var severity = row.severity();
        var consequence = row.consequence();
        if (pullsTheStart(call)) {
            severity = Severity.NOTE;
            consequence = HELPERS.get(SKB_PULL).consequence();
        }
        findings.add(
                Rule.RESULT_IGNORED,
                severity,
                subject,
                call.slot(),
                "The result of %s is not looked at: where it fails, %s."
                        .formatted(call.name(), consequence));
    }

    /** A failed pull leaves data at the message's start, so the bounds check tells the truth. */
    private static boolean pullsTheStart(CallSite call) {
        return call.helper() == MSG_PULL && call.constant(2).equals(OptionalLong.of(0));
    }

    private static boolean cannotFail(CallSite call) {
        if (call.helper() == MAP_UPDATE) {
            return call.map()
                    .flatMap(map -> MapType.of(map.definition().type()))
                    .map(ALWAYS_ROOM::contains)
                    .orElse(true);
        }
        if (call.helper() == CB_FLAGS_SET) {
            var flags = call.constant(2);
            return flags.isPresent() && (flags.getAsLong() & ~ALL_CALLBACKS) == 0;
        }
        return false;
    }

    private static void redirect(Subject subject, CallSite call, Findings findings) {
        findings.add(
                Rule.REDIRECT_IGNORED,
                Severity.NOTE,
                subject,
                call.slot(),
                "The result of %s is not looked at: where it finds no target, the message goes on as if there had been no call."
                        .formatted(call.name()));
    }
}
