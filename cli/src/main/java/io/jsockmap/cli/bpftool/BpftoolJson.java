package io.jsockmap.cli.bpftool;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import java.util.Map;

/** Writes JSON as bpftool does: all on one line, or each member on a line of its own. */
final class BpftoolJson {
    private static final String INDENT = "    ";

    private final boolean pretty;
    private final StringBuilder text = new StringBuilder();
    private int depth;

    BpftoolJson(boolean pretty) {
        this.pretty = pretty;
    }

    String print(JsonElement element) {
        text.setLength(0);
        write(element);
        return text.toString();
    }

    private void write(JsonElement element) {
        switch (element) {
            case JsonObject object -> writeObject(object);
            case JsonArray array -> writeArray(array);
            case JsonPrimitive primitive when primitive.isString() ->
                    writeText(primitive.getAsString());
            default -> text.append(element);
        }
    }

    private void writeObject(JsonObject object) {
        text.append('{');
        depth++;
        boolean first = true;
        for (Map.Entry<String, JsonElement> member : object.entrySet()) {
            if (!first) text.append(',');
            first = false;
            newLine();
            writeText(member.getKey());
            text.append(pretty ? ": " : ":");
            write(member.getValue());
        }
        depth--;
        if (!first) newLine();
        text.append('}');
    }

    /** Elements follow each other on a line, and what closes them stands on the next. */
    private void writeArray(JsonArray array) {
        text.append('[');
        depth++;
        boolean first = true;
        for (var element : array) {
            if (!first) text.append(',');
            first = false;
            write(element);
        }
        depth--;
        if (!first) newLine();
        text.append(']');
    }

    private void newLine() {
        if (!pretty) return;
        text.append('\n').append(INDENT.repeat(depth));
    }

    private void writeText(String value) {
        text.append(new JsonPrimitive(value));
    }
}
