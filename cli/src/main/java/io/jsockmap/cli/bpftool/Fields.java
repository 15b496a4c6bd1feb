package io.jsockmap.cli.bpftool;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import java.util.List;
import java.util.stream.StreamSupport;

/** The fields of an object as texts, empty where there is none. */
record Fields(JsonObject object) {
    Fields(JsonElement element) {
        this(element.getAsJsonObject());
    }

    boolean has(String field) {
        return object.has(field);
    }

    String text(String field) {
        return has(field) ? object.get(field).getAsString() : "";
    }

    long number(String field) {
        return object.get(field).getAsLong();
    }

    /** The elements of a list, which is empty where there is none. */
    List<JsonElement> all(String field) {
        return has(field)
                ? StreamSupport.stream(object.getAsJsonArray(field).spliterator(), false).toList()
                : List.of();
    }

    /** The elements of a list with commas between them. */
    String joined(String field) {
        return String.join(",", all(field).stream().map(JsonElement::getAsString).toList());
    }
}
