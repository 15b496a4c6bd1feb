package io.jsockmap.kernel;

/**
 * Prints what the running kernel says of a topic's cases, for those who write some: {@code ok}, or
 * the log of a case that gets another answer. A second argument is a part of the name of cases
 * whose log is printed in full.
 */
final class AskKernel {
    private AskKernel() {}

    static void main(String[] args) {
        for (var one : CorpusReader.cases(args.length > 0 ? args[0] : "")) {
            boolean chosen = args.length > 1 && one.name().contains(args[1]);
            if (args.length > 1 && !chosen) continue;
            var answer = KernelVerifier.verify(one.program(), chosen ? 2 : one.log());
            boolean agrees = agrees(one.kernel(), answer);
            IO.println(
                    "%s  %s  [%s] %s"
                            .formatted(
                                    agrees ? "ok   " : "WRONG",
                                    one,
                                    answer.accepted() ? "accepted" : answer.errnoName(),
                                    answer.accepted() ? "" : answer.reason()));
            if (!agrees || chosen) IO.println(one.program().code() + "\n" + answer.log());
        }
    }

    private static boolean agrees(CorpusCase.Expected expected, KernelAnswer answer) {
        return answer.accepted() == expected.accepted()
                && expected.errno().map(e -> e.name().equals(answer.errnoName())).orElse(true)
                && expected.messages().stream().allMatch(answer.log()::contains);
    }
}
