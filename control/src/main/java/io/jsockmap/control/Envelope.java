package io.jsockmap.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.control.command.Result;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * What goes over the socket: a line for each request, a JSON object; a line for each answer, <code>
 * {"result": …}</code> or <code>{"error": {"errno": "ENOENT", "message": "…"}}</code>.
 */
final class Envelope {
    private static final String RESULT = "result";
    private static final String ERROR = "error";
    private static final String ERRNO = "errno";
    private static final String MESSAGE = "message";

    private Envelope() {}

    /**
     * Reads a request.
     *
     * @throws BpfException EINVAL if it is no JSON
     */
    static JsonElement request(byte[] line) {
        var reader = new JsonReader(new StringReader(new String(line, StandardCharsets.UTF_8)));
        reader.setStrictness(Strictness.STRICT);
        try {
            var request = JsonParser.parseReader(reader);
            if (reader.peek() == JsonToken.END_DOCUMENT) return request;
            throw new JsonParseException("there is more behind it");
        } catch (JsonParseException | IllegalStateException | IOException e) {
            var why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new BpfException(Errno.EINVAL, "a request is a line of JSON: " + why, e);
        }
    }

    static void writeResult(OutputStream to, Result result) throws IOException {
        write(
                to,
                out -> {
                    out.beginObject().name(RESULT);
                    result.writeTo(out);
                    out.endObject();
                });
    }

    static void writeError(OutputStream to, BpfException error) throws IOException {
        write(
                to,
                out -> {
                    out.beginObject().name(ERROR).beginObject();
                    out.name(ERRNO).value(error.errno().name());
                    out.name(MESSAGE).value(error.explanation());
                    out.endObject().endObject();
                });
    }

    private static void write(OutputStream to, Result content) throws IOException {
        Writer text = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
        var out = new JsonWriter(text);
        out.setHtmlSafe(false);
        content.writeTo(out);
        out.flush();
        text.write('\n');
        text.flush();
    }

    /**
     * The result of an answer.
     *
     * @throws BpfException the error that it tells of
     * @throws IOException if it is no answer
     */
    static JsonElement result(JsonElement answer) throws IOException {
        if (answer instanceof JsonObject object) {
            if (object.has(RESULT)) return object.get(RESULT);
            if (object.get(ERROR) instanceof JsonObject error) throw refused(error);
        }
        throw new IOException("what answers is no jsockmap");
    }

    private static BpfException refused(JsonObject error) throws IOException {
        try {
            var errno = Errno.valueOf(error.get(ERRNO).getAsString());
            return new BpfException(errno, error.get(MESSAGE).getAsString());
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
            throw new IOException("an error of another release: " + error, e);
        }
    }
}
