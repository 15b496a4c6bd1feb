package io.jsockmap.corpus;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.kernel.KernelAnswer;
import io.jsockmap.kernel.KernelVerifier;

/**
 * Prints what the running kernel and our verifier say of a topic's cases, for those who write some:
 * {@code ok}, or the log of a case that gets another answer from the kernel than it expects; {@code
 * OTHER} if ours differs from the kernel's. A second argument is a part of the name of cases whose
 * log is printed in full.
 */
final class AskKernel {
    private AskKernel() {}

    static void main(String[] args) {
        int cases = 0;
        int other = 0;
        for (var one : CorpusReader.cases(args.length > 0 ? args[0] : "")) {
            boolean chosen = args.length > 1 && one.name().contains(args[1]);
            if (args.length > 1 && !chosen) continue;
            var answer = KernelVerifier.verify(one.program(), chosen ? 2 : one.log());
            boolean agrees = agrees(one.kernel(), answer);
            var kernel = answer.accepted() ? "accepted" : answer.errnoName();
            var ours = ours(one.program());
            boolean same = kernel.equals(ours.verdict);
            cases++;
            if (!same) other++;
            IO.println(
                    "%s  %s  [%s] %s"
                            .formatted(
                                    agrees ? same ? "ok   " : "OTHER" : "WRONG",
                                    one,
                                    kernel,
                                    answer.accepted() ? "" : answer.reason()));
            if (!same) IO.println("       ours: [%s] %s".formatted(ours.verdict, ours.message));
            if (!agrees || chosen) IO.println(one.program().code() + "\n" + answer.log());
        }
        IO.println("%d cases, %d answered otherwise by our verifier".formatted(cases, other));
    }

    private record Ours(String verdict, String message) {}

    private static Ours ours(Program program) {
        try {
            return Verifier.verify(program, Options.DEFAULT)
                    .refusal()
                    .map(r -> new Ours(r.errno().name(), r.message().replace("\n", " / ")))
                    .orElse(new Ours("accepted", ""));
        } catch (RuntimeException e) {
            // A crash is an answer that the others should not hide.
            return new Ours("crash", e + " at " + e.getStackTrace()[0]);
        }
    }

    private static boolean agrees(CorpusCase.Expected expected, KernelAnswer answer) {
        return answer.accepted() == expected.accepted()
                && expected.errno().map(e -> e.name().equals(answer.errnoName())).orElse(true)
                && expected.messages().stream().allMatch(answer.log()::contains);
    }
}
