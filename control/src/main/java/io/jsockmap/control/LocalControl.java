package io.jsockmap.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;

import io.jsockmap.control.command.Commands;
import io.jsockmap.control.inventory.Inventory;

import java.io.IOException;
import java.io.StringWriter;

/**
 * Commands about an inventory of this process.
 *
 * {@snippet class="io.jsockmap.control.examples.ControlExamples" region="serve"}
 */
public final class LocalControl implements Control {
    private final Commands commands;

    /** Asks that inventory. */
    public LocalControl(Inventory inventory) {
        commands = new Commands(inventory);
    }

    @Override
    public JsonElement ask(JsonObject request) throws IOException {
        var text = new StringWriter();
        commands.answer(request).writeTo(new JsonWriter(text));
        return JsonParser.parseString(text.toString());
    }

    @Override
    public void close() {}
}
