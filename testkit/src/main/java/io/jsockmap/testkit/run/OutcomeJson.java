package io.jsockmap.testkit.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.jsockmap.bpf.btf.SourceLine;

import java.util.HexFormat;

/**
 * Outcomes for other programs.
 *
 * {@snippet class="io.jsockmap.testkit.examples.RunExamples" region="changes"}
 */
public final class OutcomeJson {
    private OutcomeJson() {}

    /** One object, on one line. */
    public static String of(Outcome outcome) {
        var json = new JsonObject();
        json.addProperty("program", outcome.program());
        json.addProperty("retval", (int) outcome.value());
        outcome.verdict().ifPresent(verdict -> json.addProperty("verdict", verdict.name()));
        outcome.target().ifPresent(target -> json.addProperty("target", target));
        json.addProperty("data_out", HexFormat.of().formatHex(outcome.bytes()));
        json.addProperty("linear", outcome.linear());
        json.addProperty("apply_bytes", outcome.applyBytes());
        json.addProperty("cork_bytes", outcome.corkBytes());
        json.addProperty("reply", outcome.reply());
        json.addProperty("instructions", outcome.instructions());
        outcome.decided().ifPresent(line -> json.add("decided", line(line)));
        outcome.fault().ifPresent(fault -> json.addProperty("fault", fault.getMessage()));
        var changes = new JsonArray();
        outcome.changes().forEach(change -> changes.add(change(change)));
        json.add("changes", changes);
        var printed = new JsonArray();
        outcome.printed().forEach(printed::add);
        json.add("printed", printed);
        var lines = new JsonArray();
        outcome.lines().forEach(line -> lines.add(line.place()));
        json.add("lines", lines);
        return json.toString();
    }

    private static JsonObject change(MapChange change) {
        var json = new JsonObject();
        json.addProperty("place", change.place());
        change.before().ifPresent(value -> json.addProperty("before", value.toString()));
        change.after().ifPresent(value -> json.addProperty("after", value.toString()));
        return json;
    }

    private static JsonObject line(SourceLine line) {
        var json = new JsonObject();
        json.addProperty("place", line.place());
        json.addProperty("text", line.text());
        return json;
    }
}
