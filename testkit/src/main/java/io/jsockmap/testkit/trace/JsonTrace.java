package io.jsockmap.testkit.trace;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.testkit.record.Ending.Outcome;
import io.jsockmap.testkit.record.HelperCall;
import io.jsockmap.testkit.record.Named;
import io.jsockmap.testkit.record.RecordedRun;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Prints a run for programs: an object of JSON in a line. docs/tracing.md has its fields.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="trace"}
 */
public final class JsonTrace {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final TraceOptions options;

    private JsonTrace(TraceOptions options) {
        this.options = options;
    }

    /** The object in a line, without its end. */
    public static String of(RecordedRun run, TraceOptions options) {
        return GSON.toJson(new JsonTrace(options).run(run));
    }

    private JsonObject run(RecordedRun run) {
        var json = new JsonObject();
        json.addProperty("run", run.number());
        if (run.nesting() > 0) json.addProperty("nesting", run.nesting());
        json.addProperty("program", run.program().name());
        json.addProperty("type", run.program().type().name());
        json.addProperty("role", run.role().name().toLowerCase(Locale.ROOT));
        addSocket(json, run);
        addMessage(json, run);
        json.add("context", named(run.context()));
        json.addProperty("instructions", run.executed());
        if (options.lines()) {
            json.add("functions", functions(run));
            json.add("lines", lines(run));
            json.add("calls", calls(run));
        }
        var printed = new JsonArray();
        run.printed().forEach(line -> printed.add(line.text()));
        if (!printed.isEmpty()) json.add("printed", printed);
        addEnding(json, run);
        return json;
    }

    private static void addSocket(JsonObject json, RecordedRun run) {
        run.socket()
                .ifPresent(
                        socket -> {
                            var part = new JsonObject();
                            part.addProperty("cookie", socket.cookie());
                            part.addProperty(
                                    "kind",
                                    socket.addresses().kind().name().toLowerCase(Locale.ROOT));
                            part.addProperty("local", socket.local());
                            part.addProperty("remote", socket.remote());
                            json.add("socket", part);
                        });
    }

    private void addMessage(JsonObject json, RecordedRun run) {
        run.message()
                .ifPresent(
                        message -> {
                            var part = new JsonObject();
                            part.addProperty("received", message.received());
                            part.addProperty("length", message.before().length);
                            part.addProperty("linear", message.linear());
                            part.addProperty("bytes", hex(message.before()));
                            if (message.isChanged()) {
                                part.addProperty("lengthAfter", message.after().length);
                                part.addProperty("bytesAfter", hex(message.after()));
                            }
                            json.add("message", part);
                        });
    }

    private String hex(byte[] bytes) {
        int shown = Math.min(bytes.length, options.maxBytes());
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, shown));
    }

    private static JsonObject named(List<Named> all) {
        var json = new JsonObject();
        all.forEach(one -> json.addProperty(one.name(), one.text()));
        return json;
    }

    private static JsonArray functions(RecordedRun run) {
        var all = new JsonArray();
        for (var frame : run.frames()) {
            var json = new JsonObject();
            json.addProperty("name", frame.function());
            json.addProperty("program", frame.program().name());
            json.addProperty("depth", frame.depth());
            json.addProperty("entry", frame.entry().name().toLowerCase(Locale.ROOT));
            json.add("arguments", named(frame.arguments()));
            all.add(json);
        }
        return all;
    }

    private static JsonArray lines(RecordedRun run) {
        var all = new JsonArray();
        for (var visit : run.lines()) {
            var json = line(visit.line());
            json.addProperty("depth", run.frames().get(visit.frame()).depth());
            all.add(json);
        }
        return all;
    }

    private static JsonObject line(SourceLine line) {
        var json = new JsonObject();
        json.addProperty("file", line.file());
        json.addProperty("line", line.line());
        json.addProperty("text", line.text());
        return json;
    }

    private static JsonArray calls(RecordedRun run) {
        var all = new JsonArray();
        run.calls().forEach(call -> all.add(call(run, call)));
        return all;
    }

    private static JsonObject call(RecordedRun run, HelperCall call) {
        var json = new JsonObject();
        json.addProperty("name", call.name());
        var arguments = new JsonArray();
        call.arguments().forEach(argument -> arguments.add(argument.toString()));
        json.add("arguments", arguments);
        json.addProperty("result", call.result().value());
        json.addProperty("means", call.result().text());
        run.steps()
                .get(call.step())
                .line()
                .ifPresent(line -> json.addProperty("line", line.line()));
        return json;
    }

    private static void addEnding(JsonObject json, RecordedRun run) {
        var ending = run.ending();
        json.addProperty("verdict", ending.outcome().word());
        json.addProperty("means", ending.text());
        if (ending.outcome() != Outcome.FAULT) json.addProperty("value", ending.value());
        ending.decided().ifPresent(line -> json.add("decided", line(line)));
    }
}
