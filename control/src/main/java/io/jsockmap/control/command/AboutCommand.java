package io.jsockmap.control.command;

import com.google.gson.JsonObject;

import io.jsockmap.control.inventory.Inventory;

/** Says who answers, so that people can tell one process from another. */
final class AboutCommand {
    private AboutCommand() {}

    static Result about(Inventory inventory, Request request) {
        var about = new JsonObject();
        about.addProperty("pid", ProcessHandle.current().pid());
        about.addProperty("object", inventory.name());
        return Result.of(about);
    }
}
