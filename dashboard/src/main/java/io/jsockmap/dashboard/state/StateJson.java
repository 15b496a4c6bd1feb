package io.jsockmap.dashboard.state;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import java.io.IOException;

/** The state as JSON, and back. */
public final class StateJson {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private StateJson() {}

    /** One line of JSON. */
    public static String write(State state) {
        return GSON.toJson(state);
    }

    /**
     * What {@link #write} wrote.
     *
     * @throws IOException if it is something else, or of another format
     */
    public static State read(String json) throws IOException {
        try {
            var format = GSON.fromJson(json, Format.class);
            if (format == null || format.format != State.FORMAT) {
                throw new IOException(
                        "not a state of format %d: is it another release of jsockmap?"
                                .formatted(State.FORMAT));
            }
            return GSON.fromJson(json, State.class);
        } catch (RuntimeException e) {
            // Of JSON that lacks a part Gson says it in more than one way.
            throw new IOException("not a state of a proxy: " + e.getMessage(), e);
        }
    }

    /** What must be known before the rest is read. */
    private record Format(int format) {}
}
