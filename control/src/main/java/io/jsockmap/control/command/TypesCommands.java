package io.jsockmap.control.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.jsockmap.control.inventory.Inventory;
import io.jsockmap.control.inventory.Inventory.MapInfo;
import io.jsockmap.control.inventory.Inventory.ProgramInfo;
import io.jsockmap.control.inventory.Inventory.TypesInfo;

import java.util.Base64;
import java.util.List;

/** What is asked of types. */
final class TypesCommands {
    private TypesCommands() {}

    static Result list(Inventory inventory, Request request) {
        var all = new JsonArray();
        inventory.types().forEach(types -> all.add(describe(types)));
        return Result.of(all);
    }

    private static JsonObject describe(TypesInfo types) {
        var fields = new JsonObject();
        fields.addProperty("id", types.id());
        fields.addProperty("name", types.name());
        fields.addProperty("size", types.bytes());
        fields.add("prog_ids", numbers(types.programIds()));
        fields.add("map_ids", numbers(types.mapIds()));
        return fields;
    }

    private static JsonElement numbers(List<Integer> all) {
        var array = new JsonArray();
        all.forEach(array::add);
        return array;
    }

    /** The bytes of the section, by Base64: who asks reads them for itself. */
    static Result section(Inventory inventory, Request request) {
        var fields = new JsonObject();
        int id = typesId(inventory, request);
        var section = inventory.types(id).section();
        fields.addProperty("id", id);
        fields.addProperty("section", Base64.getEncoder().encodeToString(section));
        return Result.of(fields);
    }

    private static int typesId(Inventory inventory, Request request) {
        if (request.words("prog").isPresent()) {
            ProgramInfo program = request.program(inventory);
            return known(program.typesId(), "program " + program.name());
        }
        if (request.words("map").isPresent()) {
            MapInfo map = request.map(inventory);
            return known(map.typesId(), "map " + map.name());
        }
        var types = request.words("btf");
        if (types.isPresent()) {
            return Request.named(
                            "BTF", types.get(), inventory.types(), TypesInfo::id, TypesInfo::name)
                    .id();
        }
        if (inventory.types().size() == 1) return inventory.types().getFirst().id();
        throw Request.mistake(
                "%s has %d sets of types: say which by id"
                        .formatted(inventory.name(), inventory.types().size()));
    }

    private static int known(int id, String owner) {
        if (id != 0) return id;
        throw Request.mistake("the object of %s was compiled without BTF (-g)".formatted(owner));
    }
}
