package io.jsockmap.control.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.jsockmap.control.inventory.Form;
import io.jsockmap.control.inventory.Inventory.MapInfo;
import io.jsockmap.control.inventory.MapContent;
import io.jsockmap.control.inventory.MapContent.Element;
import io.jsockmap.control.inventory.Value;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;

/** Elements of a map as bpftool writes them, with what is known of sockets. */
final class ElementPrinter {
    private final Form keyForm;
    private final Form valueForm;

    /** Whether lookups give a cookie: in 4 bytes there is no room for one. */
    private final boolean cookies;

    ElementPrinter(MapContent content, MapInfo map) {
        keyForm = content.keyForm();
        valueForm = content.valueForm();
        cookies = map.valueSize() == Long.BYTES;
    }

    JsonObject print(Element element) {
        var fields = new JsonObject();
        fields.add("key", HexBytes.print(element.key()));
        var formatted = new JsonObject();
        if (!(keyForm instanceof Form.Plain)) {
            formatted.add("key", FormPrinter.print(element.key(), keyForm));
        }
        switch (element.value()) {
            case Value.Bytes(byte[] bytes) -> addBytes(bytes, fields, formatted);
            case Value.PerCpu(List<byte[]> all) -> addAll(all, fields, formatted);
            case Value.Socket socket -> addSocket(socket, fields, formatted);
            case Value.OfProgram(int id) -> fields.addProperty("prog_id", id);
            case Value.OfMap(int id) -> fields.addProperty("inner_map_id", id);
        }
        if (formatted.has("value") || formatted.has("values")) fields.add("formatted", formatted);
        return fields;
    }

    private void addBytes(byte[] bytes, JsonObject fields, JsonObject formatted) {
        fields.add("value", HexBytes.print(bytes));
        if (valueForm instanceof Form.Plain) return;
        formatted.add("value", FormPrinter.print(bytes, valueForm));
    }

    private void addAll(List<byte[]> all, JsonObject fields, JsonObject formatted) {
        fields.add("values", perCpu(all, HexBytes::print));
        if (valueForm instanceof Form.Plain) return;
        formatted.add("values", perCpu(all, bytes -> FormPrinter.print(bytes, valueForm)));
    }

    private static JsonArray perCpu(List<byte[]> all, Function<byte[], JsonElement> print) {
        var values = new JsonArray();
        for (var bytes : all) {
            var one = new JsonObject();
            one.addProperty("cpu", values.size());
            one.add("value", print.apply(bytes));
            values.add(one);
        }
        return values;
    }

    private void addSocket(Value.Socket socket, JsonObject fields, JsonObject formatted) {
        if (cookies) {
            var cookie = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            addBytes(cookie.putLong(socket.cookie()).array(), fields, formatted);
        }
        var about = new JsonObject();
        about.addProperty("cookie", socket.cookie());
        about.addProperty("kind", socket.kind());
        about.addProperty("local", socket.local());
        about.addProperty("remote", socket.remote());
        about.addProperty("state", socket.state());
        about.addProperty("programs", socket.programs());
        fields.add("socket", about);
        if (formatted.has("key")) formatted.add("value", about.deepCopy());
    }
}
