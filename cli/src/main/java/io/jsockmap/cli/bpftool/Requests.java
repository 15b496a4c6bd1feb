package io.jsockmap.cli.bpftool;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import java.util.List;

/** Requests as a control answers them. */
final class Requests {
    private Requests() {}

    static JsonObject of(String command) {
        var request = new JsonObject();
        request.addProperty("command", command);
        return request;
    }

    static JsonObject of(String command, String field, List<String> words) {
        var request = of(command);
        add(request, field, words);
        return request;
    }

    static void add(JsonObject request, String field, List<String> words) {
        var array = new JsonArray();
        words.forEach(array::add);
        request.add(field, array);
    }
}
