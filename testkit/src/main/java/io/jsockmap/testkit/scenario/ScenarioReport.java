package io.jsockmap.testkit.scenario;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * Prints results for people.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="play"}
 */
public final class ScenarioReport {
    private final PrintWriter out;

    public ScenarioReport(PrintWriter out) {
        this.out = out;
    }

    /** What {@link #print} prints. */
    public static String text(ScenarioResult result) {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        new ScenarioReport(out).print(result);
        out.flush();
        return text.toString();
    }

    /** One scenario: a line if all is well, and what to look at if not. */
    public void print(ScenarioResult result) {
        var scenario = result.scenario();
        out.printf(
                "%s %s: %s (%s, %d ms)%n",
                result.passed() ? "ok  " : "FAIL",
                scenario.file().getFileName(),
                scenario.name(),
                ways(result),
                result.time().toMillis());
        result.failure().ifPresent(failure -> print(result, failure));
    }

    private static String ways(ScenarioResult result) {
        var plays = result.scenario().plays();
        var ways = result.plays() == 1 ? "1 way" : "%d ways".formatted(result.plays());
        return plays == PlayChoice.ALL ? ways : ways + ": only " + plays.words();
    }

    private void print(ScenarioResult result, ScenarioResult.Failure failure) {
        out.printf(
                "  %s:%d: %s%n",
                result.scenario().file().getFileName(), failure.line(), failure.step());
        failure.problem().lines().forEach(line -> out.println("    " + line));
        out.printf("  When: %s.%n", failure.play());
        for (var reason : failure.reasons()) out.printf("  Why:  %s%n", reason);
        failure.advice().ifPresent(advice -> out.printf("  Fix:  %s%n", advice));
        if (result.plays() > 1) out.printf("  %s%n", howOften(result, failure));
    }

    private static String howOften(ScenarioResult result, ScenarioResult.Failure failure) {
        var often = "%d of %d ways fail".formatted(result.failed(), result.plays());
        return failure.onlyHostile()
                ? often + "; where everything comes at once all is well: the program relies on luck"
                : often;
    }

    /** One line for all. */
    public void total(List<ScenarioResult> results) {
        long failed = results.stream().filter(result -> !result.passed()).count();
        long plays = results.stream().mapToLong(ScenarioResult::plays).sum();
        out.printf(
                "%d scenarios in %d ways: %s%n",
                results.size(), plays, failed == 0 ? "all passed" : failed + " FAILED");
    }
}
