package io.jsockmap.control.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.jsockmap.control.inventory.Inventory;
import io.jsockmap.control.inventory.Inventory.LinkInfo;

/** What is asked of attached programs. */
final class LinkCommands {
    private LinkCommands() {}

    static Result list(Inventory inventory, Request request) {
        var all = new JsonArray();
        inventory.links().forEach(link -> all.add(describe(inventory, link)));
        return Result.of(all);
    }

    private static JsonObject describe(Inventory inventory, LinkInfo link) {
        var fields = new JsonObject();
        fields.addProperty("id", link.id());
        fields.addProperty("type", link.scope().isPresent() ? "cgroup" : "sockmap");
        fields.addProperty("prog_id", link.programId());
        inventory.programs().stream()
                .filter(program -> program.id() == link.programId())
                .forEach(program -> fields.addProperty("prog_name", program.name()));
        link.scope().ifPresent(scope -> fields.addProperty("scope", scope));
        inventory.maps().stream()
                .filter(map -> map.id() == link.mapId())
                .forEach(
                        map -> {
                            fields.addProperty("map_id", map.id());
                            fields.addProperty("map_name", map.name());
                        });
        fields.addProperty("attach_type", link.attachType().toString());
        fields.addProperty("attach_type_older", link.attachType().olderName());
        return fields;
    }
}
