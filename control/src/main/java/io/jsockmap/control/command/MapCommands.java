package io.jsockmap.control.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.jsockmap.control.inventory.Inventory;
import io.jsockmap.control.inventory.Inventory.MapInfo;

/** What is asked of maps as such. */
final class MapCommands {
    private MapCommands() {}

    static Result list(Inventory inventory, Request request) {
        var all = new JsonArray();
        inventory.maps().forEach(map -> all.add(describe(map)));
        return Result.of(all);
    }

    static Result show(Inventory inventory, Request request) {
        return Result.of(describe(request.map(inventory)));
    }

    private static JsonObject describe(MapInfo map) {
        var fields = new JsonObject();
        fields.addProperty("id", map.id());
        fields.addProperty("type", map.type());
        fields.addProperty("name", map.name());
        fields.addProperty("flags", map.flags());
        fields.addProperty("bytes_key", map.keySize());
        fields.addProperty("bytes_value", map.valueSize());
        fields.addProperty("max_entries", map.maxEntries());
        fields.addProperty("frozen", map.frozen() ? 1 : 0);
        if (map.typesId() != 0) fields.addProperty("btf_id", map.typesId());
        return fields;
    }
}
