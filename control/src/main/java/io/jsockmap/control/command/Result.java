package io.jsockmap.control.command;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;

/** What a command found, to be written where it is wanted: it may be too long to be kept. */
public interface Result {
    /** Nothing to tell but that it is done. */
    Result DONE = of(JsonNull.INSTANCE);

    /** Writes one JSON value. */
    void writeTo(JsonWriter out) throws IOException;

    /** A result that is there already. */
    static Result of(JsonElement element) {
        return out -> Values.GSON.toJson(element, out);
    }

    /** What writes values. */
    final class Values {
        static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

        private Values() {}
    }
}
