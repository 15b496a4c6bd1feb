package io.jsockmap.cli.bpftool;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Constant;
import io.jsockmap.bpf.btf.BtfType.DataSection;
import io.jsockmap.bpf.btf.BtfType.DeclarationTag;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Floating;
import io.jsockmap.bpf.btf.BtfType.Forward;
import io.jsockmap.bpf.btf.BtfType.Function;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Linkage;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Modifier;
import io.jsockmap.bpf.btf.BtfType.Nothing;
import io.jsockmap.bpf.btf.BtfType.Parameter;
import io.jsockmap.bpf.btf.BtfType.Placed;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Prototype;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Typedef;
import io.jsockmap.bpf.btf.BtfType.Variable;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Types one by one, as {@code bpftool btf dump} shows them. */
final class RawTypes {
    private RawTypes() {}

    /** All of them, as bpftool's JSON. */
    static JsonObject all(Btf types) {
        var list = new JsonArray();
        for (int id = 1; id < types.size(); id++) {
            var type = one(types, id);
            // Names of variables stand in the text only.
            for (var variable : new Fields(type).all("vars")) {
                variable.getAsJsonObject().remove("name");
            }
            list.add(type);
        }
        var all = new JsonObject();
        all.add("types", list);
        return all;
    }

    /** The fields of a type, in the order in which they are printed. */
    static JsonObject one(Btf types, int id) {
        var type = types.type(id);
        var fields = new JsonObject();
        fields.addProperty("id", id);
        fields.addProperty("kind", kind(type));
        fields.addProperty("name", name(type.name()));
        switch (type) {
            case Nothing _ -> {}
            case Int integer -> addInt(fields, integer);
            case Pointer(int target) -> fields.addProperty("type_id", target);
            case Array(int element, int index, int count) -> {
                fields.addProperty("type_id", element);
                fields.addProperty("index_type_id", index);
                fields.addProperty("nr_elems", count);
            }
            case Struct struct -> addMembers(fields, struct);
            case Enumeration enumeration -> addConstants(fields, enumeration);
            case Forward forward ->
                    fields.addProperty("fwd_kind", forward.union() ? "union" : "struct");
            case Typedef typedef -> fields.addProperty("type_id", typedef.target());
            case Modifier modifier -> fields.addProperty("type_id", modifier.target());
            case Function function -> {
                fields.addProperty("type_id", function.prototype());
                fields.addProperty("linkage", linkage(function.linkage()));
            }
            case Prototype prototype -> addParameters(fields, prototype);
            case Variable variable -> {
                fields.addProperty("type_id", variable.type());
                fields.addProperty("linkage", linkage(variable.linkage()));
            }
            case DataSection section -> addVariables(types, fields, section);
            case Floating floating -> fields.addProperty("size", floating.size());
            case DeclarationTag tag -> {
                fields.addProperty("type_id", tag.target());
                fields.addProperty("component_idx", tag.part());
            }
        }
        return fields;
    }

    private static String kind(BtfType type) {
        return switch (type) {
            case Nothing _ -> "UNKNOWN";
            case Int _ -> "INT";
            case Pointer _ -> "PTR";
            case Array _ -> "ARRAY";
            case Struct struct -> struct.union() ? "UNION" : "STRUCT";
            case Enumeration enumeration -> enumeration.size() == Long.BYTES ? "ENUM64" : "ENUM";
            case Forward _ -> "FWD";
            case Typedef _ -> "TYPEDEF";
            case Modifier modifier -> modifier.kind().name();
            case Function _ -> "FUNC";
            case Prototype _ -> "FUNC_PROTO";
            case Variable _ -> "VAR";
            case DataSection _ -> "DATASEC";
            case Floating _ -> "FLOAT";
            case DeclarationTag _ -> "DECL_TAG";
        };
    }

    private static String name(String name) {
        return name.isEmpty() ? "(anon)" : name;
    }

    private static String linkage(Linkage linkage) {
        return linkage == Linkage.EXTERNAL ? "extern" : linkage.name().toLowerCase(Locale.ROOT);
    }

    private static void addInt(JsonObject fields, Int integer) {
        fields.addProperty("size", integer.size());
        fields.addProperty("bits_offset", integer.bitOffset());
        fields.addProperty("nr_bits", integer.bits());
        var encoding = integer.signed() ? "SIGNED" : integer.character() ? "CHAR" : "(none)";
        fields.addProperty("encoding", integer.bool() ? "BOOL" : encoding);
    }

    private static void addMembers(JsonObject fields, Struct struct) {
        fields.addProperty("size", struct.size());
        fields.addProperty("vlen", struct.members().size());
        var members = new JsonArray();
        for (Member member : struct.members()) {
            var one = named(member.name());
            one.addProperty("type_id", member.type());
            one.addProperty("bits_offset", member.bitOffset());
            if (member.bitWidth() != 0) one.addProperty("bitfield_size", member.bitWidth());
            members.add(one);
        }
        fields.add("members", members);
    }

    private static void addConstants(JsonObject fields, Enumeration enumeration) {
        fields.addProperty("encoding", enumeration.signed() ? "SIGNED" : "UNSIGNED");
        fields.addProperty("size", enumeration.size());
        fields.addProperty("vlen", enumeration.constants().size());
        var values = new JsonArray();
        for (Constant constant : enumeration.constants()) {
            var one = named(constant.name());
            if (enumeration.signed()) one.addProperty("val", constant.value());
            else one.add("val", unsigned(constant.value(), enumeration.size()));
            values.add(one);
        }
        fields.add("values", values);
    }

    private static JsonElement unsigned(long value, int size) {
        long bits = size == Long.BYTES ? value : value & 0xffff_ffffL;
        return new JsonPrimitive(new BigInteger(Long.toUnsignedString(bits)));
    }

    private static void addParameters(JsonObject fields, Prototype prototype) {
        fields.addProperty("ret_type_id", prototype.result());
        fields.addProperty("vlen", prototype.parameters().size());
        var parameters = new JsonArray();
        for (Parameter parameter : prototype.parameters()) {
            var one = named(parameter.name());
            one.addProperty("type_id", parameter.type());
            parameters.add(one);
        }
        fields.add("params", parameters);
    }

    private static void addVariables(Btf types, JsonObject fields, DataSection section) {
        fields.addProperty("size", section.size());
        fields.addProperty("vlen", section.variables().size());
        var variables = new JsonArray();
        for (Placed placed : section.variables()) {
            var one = new JsonObject();
            one.addProperty("type_id", placed.type());
            one.addProperty("offset", placed.offset());
            one.addProperty("size", placed.size());
            var type = types.type(placed.type());
            one.addProperty("name", "%s '%s'".formatted(kind(type), name(type.name())));
            variables.add(one);
        }
        fields.add("vars", variables);
    }

    private static JsonObject named(String name) {
        var fields = new JsonObject();
        fields.addProperty("name", name(name));
        return fields;
    }

    /** A type as text: a line for itself, and one for each of its parts. */
    static void print(JsonObject type, PrintWriter out) {
        var fields = new Fields(type);
        // The only kind with a comma.
        var separator = fields.text("kind").equals("VAR") ? ", " : " ";
        var line = new StringBuilder();
        for (Map.Entry<String, JsonElement> field : type.entrySet()) {
            if (List.of("id", "kind", "name").contains(field.getKey())) continue;
            if (field.getValue().isJsonArray()) continue;
            line.append(line.isEmpty() ? " " : separator);
            line.append(field.getKey()).append('=').append(field.getValue().getAsString());
        }
        out.printf(
                "[%s] %s '%s'%s%n",
                fields.text("id"), fields.text("kind"), fields.text("name"), line);
        for (var parts : List.of("members", "values", "params")) {
            fields.all(parts).forEach(part -> out.printf("\t%s%n", named(new Fields(part))));
        }
        fields.all("vars").forEach(part -> out.printf("\t%s%n", placed(new Fields(part))));
    }

    private static String named(Fields part) {
        var line = new StringBuilder("'%s'".formatted(part.text("name")));
        for (var field : List.of("type_id", "bits_offset", "bitfield_size", "val")) {
            if (part.has(field)) line.append(" %s=%s".formatted(field, part.text(field)));
        }
        return line.toString();
    }

    private static String placed(Fields part) {
        return "type_id=%s offset=%s size=%s (%s)"
                .formatted(
                        part.text("type_id"),
                        part.text("offset"),
                        part.text("size"),
                        part.text("name"));
    }
}
