package io.jsockmap.control.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.bpf.btf.BtfValues;
import io.jsockmap.control.inventory.Form;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Bytes read by their types, as bpftool shows them: structures as objects, enumerations by name,
 * arrays of char that hold a text as texts. Members of structures without a name stand among those
 * around them, where bpftool gives them an empty name several times.
 */
final class FormPrinter {
    private FormPrinter() {}

    static JsonElement print(byte[] bytes, Form form) {
        return switch (form) {
            case Form.Plain _ -> HexBytes.print(bytes);
            case Form.Typed typed -> json(new BtfValues(typed.types()).read(typed.type(), bytes));
            case Form.Section section -> section(bytes, section);
        };
    }

    private static JsonObject section(byte[] bytes, Form.Section section) {
        var values = new BtfValues(section.types());
        var variables = new JsonArray();
        for (var variable : section.variables()) {
            int start = variable.offset();
            var part = Arrays.copyOfRange(bytes, start, start + variable.size());
            var one = new JsonObject();
            one.add(variable.name(), json(values.read(variable.type(), part)));
            variables.add(one);
        }
        var all = new JsonObject();
        all.add(section.name(), variables);
        return all;
    }

    private static JsonElement json(BtfValue value) {
        return switch (value) {
            case BtfValue.Numeric(long number, boolean signed) -> number(number, signed);
            case BtfValue.Real(double number) -> new JsonPrimitive(Double.toString(number));
            case BtfValue.Bool(boolean truth) -> new JsonPrimitive(truth);
            case BtfValue.Constant(var name, var _) -> new JsonPrimitive(name);
            case BtfValue.Address address -> new JsonPrimitive(address.toString());
            case BtfValue.Text(var text) -> new JsonPrimitive(text);
            case BtfValue.Raw(var bytes) -> HexBytes.print(bytes);
            case BtfValue.Fields(var members) -> {
                var fields = new JsonObject();
                members.forEach((name, member) -> fields.add(name, json(member)));
                yield fields;
            }
            case BtfValue.Elements(var all) -> {
                var elements = new JsonArray();
                all.forEach(element -> elements.add(json(element)));
                yield elements;
            }
        };
    }

    private static JsonPrimitive number(long value, boolean signed) {
        return signed || value >= 0
                ? new JsonPrimitive(value)
                : new JsonPrimitive(new BigInteger(Long.toUnsignedString(value)));
    }
}
