package io.jsockmap.testkit.lint;

import com.google.gson.JsonObject;

/**
 * Findings for programs.
 *
 * {@snippet class="io.jsockmap.testkit.examples.LintExamples" region="accepted"}
 */
public final class LintJson {
    private LintJson() {}

    /** A line. */
    public static String of(String object, Finding finding) {
        var json = new JsonObject();
        json.addProperty("object", object);
        json.addProperty("rule", finding.rule().id());
        json.addProperty("severity", finding.severity().toString());
        finding.program().ifPresent(program -> json.addProperty("program", program));
        finding.slot().ifPresent(slot -> json.addProperty("instruction", slot));
        finding.line()
                .ifPresent(
                        line -> {
                            json.addProperty("file", line.file());
                            json.addProperty("line", line.line());
                            json.addProperty("text", line.text());
                        });
        json.addProperty("why", finding.why());
        json.addProperty("fix", finding.fix());
        json.addProperty("page", finding.page());
        return json.toString();
    }
}
