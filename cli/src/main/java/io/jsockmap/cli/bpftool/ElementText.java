package io.jsockmap.cli.bpftool;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;

import java.io.PrintWriter;
import java.util.stream.Collectors;

/** Elements as bpftool prints them: JSON by types where they are known, else bytes. */
final class ElementText {
    private ElementText() {}

    static void all(JsonElement result, PrintWriter out) {
        var elements = result.getAsJsonArray();
        var formatted = new JsonArray();
        for (var element : elements) {
            var fields = new Fields(element);
            if (fields.has("formatted")) formatted.add(fields.object().get("formatted"));
            else print(fields, out);
        }
        if (!formatted.isEmpty()) {
            out.println(new BpftoolJson(true).print(formatted));
        } else {
            out.printf("Found %d element%s%n", elements.size(), elements.size() == 1 ? "" : "s");
        }
    }

    static void one(JsonElement result, PrintWriter out) {
        if (result.isJsonNull()) {
            out.println("Not found");
            return;
        }
        var fields = new Fields(result);
        if (!fields.has("formatted")) print(fields, out);
        else out.println(new BpftoolJson(true).print(fields.object().get("formatted")));
    }

    static void next(JsonElement result, PrintWriter out) {
        var fields = new Fields(result);
        boolean first = fields.object().get("key").isJsonNull();
        out.println(first ? "key: None" : "key:\n" + bytes(fields, "key"));
        out.println("next key:\n" + bytes(fields, "next_key"));
    }

    private static void print(Fields element, PrintWriter out) {
        out.print("key: " + bytes(element, "key"));
        if (element.has("socket"))
            out.print("  " + socket(new Fields(element.object().get("socket"))));
        else if (element.has("value")) out.print("  value: " + bytes(element, "value"));
        if (element.has("prog_id")) out.print("  prog_id: " + element.text("prog_id"));
        if (element.has("inner_map_id"))
            out.print("  inner_map_id: " + element.text("inner_map_id"));
        out.println();
        for (var value : element.all("values")) {
            var one = new Fields(value);
            out.printf("value (CPU %02d): %s%n", one.number("cpu"), bytes(one, "value"));
        }
    }

    private static String socket(Fields socket) {
        return "cookie: %s  %s %s -> %s  %s  %s"
                .formatted(
                        socket.text("cookie"),
                        socket.text("kind"),
                        socket.text("local"),
                        socket.text("remote").isEmpty() ? "-" : socket.text("remote"),
                        socket.text("state"),
                        socket.text("programs"));
    }

    private static String bytes(Fields fields, String field) {
        return fields.all(field).stream()
                .map(b -> b.getAsString().substring("0x".length()))
                .collect(Collectors.joining(" "));
    }
}
