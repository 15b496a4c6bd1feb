package io.jsockmap.control.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.control.inventory.Inventory;
import io.jsockmap.control.inventory.Inventory.MapInfo;
import io.jsockmap.control.inventory.Inventory.ProgramInfo;
import io.jsockmap.control.inventory.MapContent;
import io.jsockmap.control.inventory.MapContent.Element;
import io.jsockmap.control.inventory.Value;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is asked of the elements of a map. */
final class ElementCommands {
    private ElementCommands() {}

    /** All elements, written one by one: a large map is never in memory a second time. */
    static Result dump(Inventory inventory, Request request) {
        var map = request.map(inventory);
        var content = inventory.content(map.id());
        var elements = content.elements();
        var printer = new ElementPrinter(content, map);
        return out -> {
            out.beginArray();
            for (var element : elements) Result.of(printer.print(element)).writeTo(out);
            out.endArray();
        };
    }

    /** The element, or null if it is not there. */
    static Result lookup(Inventory inventory, Request request) {
        var map = request.map(inventory);
        var content = inventory.content(map.id());
        var key = key(request, content);
        var value = content.lookup(key);
        return Result.of(
                value.isPresent()
                        ? new ElementPrinter(content, map).print(new Element(key, value.get()))
                        : JsonNull.INSTANCE);
    }

    static Result update(Inventory inventory, Request request) {
        var map = request.map(inventory);
        var content = inventory.content(map.id());
        content.update(
                key(request, content), value(inventory, request, map, content), flag(request));
        return Result.DONE;
    }

    static Result delete(Inventory inventory, Request request) {
        var content = inventory.content(request.map(inventory).id());
        content.delete(key(request, content));
        return Result.DONE;
    }

    static Result getNext(Inventory inventory, Request request) {
        var map = request.map(inventory);
        var content = inventory.content(map.id());
        Optional<byte[]> key = request.words("key").map(_ -> key(request, content));
        var next =
                content.nextKey(key)
                        .orElseThrow(
                                () ->
                                        new BpfException(
                                                Errno.ENOENT,
                                                "map %s has no key behind this one"
                                                        .formatted(map.name())));
        var fields = new JsonObject();
        JsonElement before = key.isPresent() ? HexBytes.print(key.get()) : JsonNull.INSTANCE;
        fields.add("key", before);
        fields.add("next_key", HexBytes.print(next));
        return Result.of(fields);
    }

    private static byte[] key(Request request, MapContent content) {
        var words = request.words("key").orElseThrow(() -> Request.mistake("key: what is it?"));
        return Words.bytes("key", words, content.keyForm());
    }

    private static Value value(
            Inventory inventory, Request request, MapInfo map, MapContent content) {
        var words = request.words("value").orElseThrow(() -> Request.mistake("value: what is it?"));
        if (isOf(map, MapType.PROG_ARRAY)) {
            return new Value.OfProgram(
                    Request.named(
                                    "program",
                                    words,
                                    inventory.programs(),
                                    ProgramInfo::id,
                                    ProgramInfo::name)
                            .id());
        }
        if (isOf(map, MapType.ARRAY_OF_MAPS) || isOf(map, MapType.HASH_OF_MAPS)) {
            return new Value.OfMap(
                    Request.named("map", words, inventory.maps(), MapInfo::id, MapInfo::name).id());
        }
        return new Value.Bytes(Words.bytes("value", words, content.valueForm()));
    }

    private static boolean isOf(MapInfo map, MapType type) {
        return map.type().equals(type.toString());
    }

    private static UpdateFlag flag(Request request) {
        var name = request.text("flag").orElse("any");
        try {
            return UpdateFlag.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw Request.mistake(
                    "%s is no flag (there are: %s)"
                            .formatted(
                                    name, String.join(", ", List.of("any", "exist", "noexist"))));
        }
    }
}
