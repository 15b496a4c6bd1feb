package io.jsockmap.control.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Constant;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Floating;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.control.inventory.Form;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Bytes read by their types, as bpftool shows them: structures as objects, enumerations by name,
 * arrays of char that hold a text as texts. Members of structures without a name stand among those
 * around them, where bpftool gives them an empty name several times.
 */
final class FormPrinter {
    private static final int WIDEST = Long.BYTES;

    private final Btf types;

    private FormPrinter(Btf types) {
        this.types = types;
    }

    static JsonElement print(byte[] bytes, Form form) {
        return switch (form) {
            case Form.Plain _ -> HexBytes.print(bytes);
            case Form.Typed typed -> new FormPrinter(typed.types()).print(typed.type(), of(bytes));
            case Form.Section section -> section(bytes, section);
        };
    }

    private static ByteBuffer of(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static JsonObject section(byte[] bytes, Form.Section section) {
        var printer = new FormPrinter(section.types());
        var variables = new JsonArray();
        for (var variable : section.variables()) {
            var one = new JsonObject();
            var part = slice(of(bytes), variable.offset(), variable.size());
            one.add(variable.name(), printer.print(variable.type(), part));
            variables.add(one);
        }
        var all = new JsonObject();
        all.add(section.name(), variables);
        return all;
    }

    private static ByteBuffer slice(ByteBuffer bytes, int from, int size) {
        int start = Math.min(from, bytes.capacity());
        return bytes.slice(start, Math.min(size, bytes.capacity() - start))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private JsonElement print(int type, ByteBuffer bytes) {
        return switch (types.resolve(type)) {
            case Int integer -> integer(integer, bytes);
            case Floating floating when floating.size() == Float.BYTES && fits(floating, bytes) ->
                    new JsonPrimitive(String.valueOf(bytes.getFloat(0)));
            case Floating floating when floating.size() == Double.BYTES && fits(floating, bytes) ->
                    new JsonPrimitive(String.valueOf(bytes.getDouble(0)));
            case Enumeration enumeration -> constant(enumeration, bytes);
            case Pointer _ -> new JsonPrimitive("0x" + Long.toHexString(raw(bytes, false)));
            case Struct struct -> structure(struct, bytes);
            case Array array -> array(array, bytes);
            default -> bytes.hasRemaining() ? hex(bytes) : JsonNull.INSTANCE;
        };
    }

    private static boolean fits(Floating floating, ByteBuffer bytes) {
        return bytes.capacity() >= floating.size();
    }

    private JsonElement structure(Struct struct, ByteBuffer bytes) {
        var fields = new JsonObject();
        addMembers(struct, bytes, fields);
        return fields;
    }

    private void addMembers(Struct struct, ByteBuffer bytes, JsonObject fields) {
        for (var member : struct.members()) {
            if (member.bitWidth() != 0) {
                fields.add(member.name(), bitField(member, bytes));
                continue;
            }
            var part = slice(bytes, member.bitOffset() / 8, types.sizeOf(member.type()));
            if (member.name().isEmpty() && types.resolve(member.type()) instanceof Struct inner) {
                addMembers(inner, part, fields);
            } else {
                fields.add(member.name(), print(member.type(), part));
            }
        }
    }

    private JsonElement bitField(Member member, ByteBuffer bytes) {
        var bits = new BigInteger(1, reversed(bytes)).shiftRight(member.bitOffset());
        var value = bits.mod(BigInteger.ONE.shiftLeft(member.bitWidth()));
        boolean negative =
                types.resolve(member.type()) instanceof Int integer
                        && integer.signed()
                        && value.testBit(member.bitWidth() - 1);
        return new JsonPrimitive(
                negative ? value.subtract(BigInteger.ONE.shiftLeft(member.bitWidth())) : value);
    }

    private static byte[] reversed(ByteBuffer bytes) {
        var reversed = new byte[bytes.capacity()];
        for (int i = 0; i < reversed.length; i++) reversed[i] = bytes.get(reversed.length - 1 - i);
        return reversed;
    }

    private JsonElement array(Array array, ByteBuffer bytes) {
        if (isOfChar(array) && isText(bytes)) return new JsonPrimitive(text(bytes));
        var all = new JsonArray();
        int size = types.sizeOf(array.element());
        for (int i = 0; i < array.count() && size > 0; i++) {
            all.add(print(array.element(), slice(bytes, i * size, size)));
        }
        return all;
    }

    private boolean isOfChar(Array array) {
        return types.resolve(array.element()) instanceof Int integer
                && integer.size() == 1
                && (integer.character() || integer.name().equals("char"));
    }

    /** Whether it can be read up to a zero, which there must be. */
    private static boolean isText(ByteBuffer bytes) {
        for (int i = 0; i < bytes.capacity(); i++) {
            if (bytes.get(i) == 0) return true;
            boolean readable = bytes.get(i) >= ' ' && bytes.get(i) < 0x7f;
            if (!readable && bytes.get(i) != '\t' && bytes.get(i) != '\n') return false;
        }
        return false;
    }

    private static String text(ByteBuffer bytes) {
        int end = 0;
        while (bytes.get(end) != 0) end++;
        return StandardCharsets.US_ASCII.decode(bytes.slice(0, end)).toString();
    }

    private static JsonElement integer(Int integer, ByteBuffer bytes) {
        if (bytes.capacity() > WIDEST) return hex(bytes);
        long value = raw(bytes, integer.signed());
        if (integer.bool()) return new JsonPrimitive(value != 0);
        return integer.signed() ? new JsonPrimitive(value) : unsigned(value);
    }

    private static JsonPrimitive unsigned(long value) {
        return value >= 0
                ? new JsonPrimitive(value)
                : new JsonPrimitive(new BigInteger(Long.toUnsignedString(value)));
    }

    private static JsonElement constant(Enumeration enumeration, ByteBuffer bytes) {
        long value = raw(bytes, enumeration.signed());
        int unused = Long.SIZE - bytes.capacity() * Byte.SIZE;
        return enumeration.constants().stream()
                .filter(c -> c.value() << unused == value << unused)
                .map(Constant::name)
                .map(JsonPrimitive::new)
                .findFirst()
                .orElseGet(() -> enumeration.signed() ? new JsonPrimitive(value) : unsigned(value));
    }

    private static JsonElement hex(ByteBuffer bytes) {
        var text = new StringBuilder("0x");
        for (byte b : reversed(bytes)) text.append("%02x".formatted(b));
        return new JsonPrimitive(text.toString());
    }

    /** Up to 8 bytes as a number. */
    private static long raw(ByteBuffer bytes, boolean signed) {
        long value = 0;
        int size = Math.min(bytes.capacity(), WIDEST);
        for (int i = size - 1; i >= 0; i--) value = value << 8 | Byte.toUnsignedLong(bytes.get(i));
        int unused = Long.SIZE - size * Byte.SIZE;
        return signed && size > 0 ? value << unused >> unused : value;
    }
}
