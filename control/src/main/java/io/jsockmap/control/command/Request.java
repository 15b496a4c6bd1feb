package io.jsockmap.control.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.control.inventory.Inventory;
import io.jsockmap.control.inventory.Inventory.MapInfo;
import io.jsockmap.control.inventory.Inventory.ProgramInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** A command with its arguments. What is missing or of another kind is EINVAL. */
final class Request {
    private final JsonObject fields;

    private Request(JsonObject fields) {
        this.fields = fields;
    }

    static Request of(JsonElement asked) {
        if (!asked.isJsonObject()) throw mistake("a request is an object with a command");
        return new Request(asked.getAsJsonObject());
    }

    String command() {
        return text("command").orElseThrow(() -> mistake("the request names no command"));
    }

    /** A text, if it is there. */
    Optional<String> text(String field) {
        var value = fields.get(field);
        if (value == null || value.isJsonNull()) return Optional.empty();
        if (!isText(value)) throw mistake(field + " is no text");
        return Optional.of(value.getAsString());
    }

    /** Words, if they are there. */
    Optional<List<String>> words(String field) {
        var value = fields.get(field);
        if (value == null || value.isJsonNull()) return Optional.empty();
        if (!(value instanceof JsonArray array)) throw mistake(field + " is no list of words");
        List<String> words = new ArrayList<>();
        for (var word : array) {
            if (!isText(word)) throw mistake(field + " is no list of words");
            words.add(word.getAsString());
        }
        return Optional.of(words);
    }

    private static boolean isText(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    /** The program that the request is about. */
    ProgramInfo program(Inventory inventory) {
        return named(
                "program",
                reference("prog"),
                inventory.programs(),
                ProgramInfo::id,
                ProgramInfo::name);
    }

    /** The map that the request is about. */
    MapInfo map(Inventory inventory) {
        return named("map", reference("map"), inventory.maps(), MapInfo::id, MapInfo::name);
    }

    private List<String> reference(String field) {
        return words(field).orElseThrow(() -> mistake("the request names no " + field));
    }

    /** What {@code id N}, {@code name X} or a bare name stands for. */
    static <T> T named(
            String kind,
            List<String> reference,
            List<T> all,
            ToIntFunction<T> id,
            Function<T, String> name) {
        if (reference.size() == 2 && reference.getFirst().equals("id")) {
            var number = reference.getLast();
            return only(
                    kind + " with id " + number,
                    all.stream().filter(t -> String.valueOf(id.applyAsInt(t)).equals(number)),
                    all.stream().map(t -> String.valueOf(id.applyAsInt(t))).toList());
        }
        boolean bare = reference.size() == 1;
        if (!bare && !(reference.size() == 2 && reference.getFirst().equals("name"))) {
            throw mistake("a %s is given by id N, name NAME or NAME".formatted(kind));
        }
        var wanted = reference.getLast();
        return only(
                "%s named %s".formatted(kind, wanted),
                all.stream().filter(t -> name.apply(t).equals(wanted)),
                all.stream().map(name).toList());
    }

    private static <T> T only(String wanted, Stream<T> found, List<String> all) {
        var matches = found.toList();
        if (matches.isEmpty()) {
            throw new BpfException(
                    Errno.ENOENT,
                    "there is no %s (there are: %s)"
                            .formatted(wanted, all.isEmpty() ? "none" : String.join(", ", all)));
        }
        if (matches.size() > 1) throw mistake("there are several: say which by id");
        return matches.getFirst();
    }

    static BpfException mistake(String what) {
        return new BpfException(Errno.EINVAL, what);
    }
}
