package io.jsockmap.testkit.lint;

import static io.jsockmap.bpf.program.HelperNumbers.LOAD_BYTES;
import static io.jsockmap.bpf.program.HelperNumbers.RESIZES;
import static io.jsockmap.bpf.program.HelperNumbers.SKB_PULL;
import static io.jsockmap.bpf.program.HelperNumbers.SK_REDIRECT_HASH;
import static io.jsockmap.bpf.program.HelperNumbers.SK_REDIRECT_MAP;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.testkit.lint.flow.Value;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** What goes wrong between parsers, verdicts and the end of a stream. */
final class Streams implements Check {
    private static final Set<Integer> SEES_BYTES = Set.of(LOAD_BYTES, SKB_PULL);

    @Override
    public void look(Subjects object, Findings findings) {
        for (var subject : object.all()) {
            if (!subject.isBuffer()) continue;
            if (subject.isParser()) changes(subject, findings);
            else if (object.hasParser()) resizes(subject, findings);
            else if (!object.mayHaveParserBeside(subject)) endOfStream(subject, findings);
        }
    }

    private static void changes(Subject parser, Findings findings) {
        for (var call : parser.flow().calls()) {
            var helper = parser.program().type().helper(call.helper());
            if (helper.filter(h -> h.has(CallTrait.CHANGES_PACKET)).isEmpty()) continue;
            findings.add(
                    Rule.PARSER_CHANGES_BUFFER,
                    Severity.WARNING,
                    parser,
                    call.slot(),
                    "Later kernels refuse a parser that calls %s, with EINVAL when it is attached."
                            .formatted(call.name()));
        }
    }

    /** A plain verdict never runs on what a parser has framed. */
    private static void resizes(Subject verdict, Findings findings) {
        if (verdict.attach().equals(Optional.of(AttachType.SK_SKB_VERDICT))) return;
        for (var call : verdict.calls(RESIZES)) {
            findings.add(
                    Rule.FRAMED_MESSAGE_RESIZED,
                    Severity.WARNING,
                    verdict,
                    call.slot(),
                    "%s changes the length of a message that the parser has framed: Linux cuts off what is added, and panics or breaks the target where bytes are taken away."
                            .formatted(call.name()));
        }
    }

    private static void endOfStream(Subject verdict, Findings findings) {
        var redirects = verdict.calls(Set.of(SK_REDIRECT_MAP, SK_REDIRECT_HASH));
        if (redirects.isEmpty() || looksAtLength(verdict)) return;
        findings.add(
                Rule.END_OF_STREAM_REDIRECTED,
                Severity.WARNING,
                verdict,
                redirects.getFirst().slot(),
                "Linux runs the verdict once more on an empty buffer when the stream ends; that one"
                        + " is redirected too, and breaks the target.");
    }

    private static boolean looksAtLength(Subject verdict) {
        if (!verdict.calls(SEES_BYTES).isEmpty()) return true;
        var looks = new AtomicBoolean();
        verdict.flow()
                .walk(
                        (_, _, before) -> {
                            for (int r = 0; r < Code.FRAME_POINTER; r++) {
                                if (tellsLength(before.register(r))) looks.set(true);
                            }
                        });
        return looks.get();
    }

    private static boolean tellsLength(Value value) {
        return value.isOfPacket()
                || value.each().anyMatch(v -> v instanceof Value.Field f && f.name().equals("len"));
    }
}
