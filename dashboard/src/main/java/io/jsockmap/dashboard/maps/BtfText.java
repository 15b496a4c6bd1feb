package io.jsockmap.dashboard.maps;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.DataSection;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Floating;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Variable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Writes keys and values as their types in C have them, in the notation in which {@code --set}
 * reads them: {@code {port=80, name="a"}}. What has no type is a number, or hexadecimal.
 */
final class BtfText {
    /** About so many characters; what is longer is cut off, with an ellipsis. */
    private static final int LONGEST = 400;

    private static final int MOST_ELEMENTS = 64;

    private final Optional<Btf> types;

    BtfText(Optional<Btf> types) {
        this.types = types;
    }

    /**
     * @param type its number in the BTF; 0 if it has none
     */
    String print(int type, byte[] bytes) {
        var place = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var out = new StringBuilder();
        if (type != 0 && types.isPresent() && types.get().sizeOf(type) == bytes.length) {
            print(types.get(), type, place, out);
        } else {
            plain(place, out);
        }
        return out.length() <= LONGEST ? out.toString() : out.substring(0, LONGEST) + "…";
    }

    private void print(Btf btf, int type, ByteBuffer place, StringBuilder out) {
        if (out.length() > LONGEST) return;
        switch (btf.resolve(type)) {
            case Int integer -> out.append(integer(integer, place));
            case Floating _ -> out.append(floating(place));
            case Enumeration enumeration -> out.append(constant(enumeration, place));
            case Pointer _ -> out.append("0x%x".formatted(unsigned(place)));
            case Struct struct -> struct(btf, struct, place, out);
            case Array array -> array(btf, array, place, out);
            case DataSection section -> section(btf, section, place, out);
            case Variable variable -> print(btf, variable.type(), place, out);
            default -> plain(place, out);
        }
    }

    private static void plain(ByteBuffer place, StringBuilder out) {
        int size = place.capacity();
        if (size == 1 || size == 2 || size == 4 || size == 8) {
            out.append(Long.toUnsignedString(unsigned(place)));
        } else {
            int shown = Math.min(size, LONGEST / 2);
            out.append(hex(place, shown));
            if (shown < size) out.append("…");
        }
    }

    private static String hex(ByteBuffer place, int count) {
        return "hex:" + HexFormat.of().formatHex(bytes(place, count));
    }

    private static byte[] bytes(ByteBuffer place, int count) {
        var bytes = new byte[count];
        place.get(0, bytes);
        return bytes;
    }

    private static String integer(Int type, ByteBuffer place) {
        if (place.capacity() > Long.BYTES) {
            return hex(place, place.capacity());
        }
        long value = unsigned(place);
        if (type.bool()) return String.valueOf(value != 0);
        return type.signed()
                ? String.valueOf(extended(value, place.capacity() * 8))
                : Long.toUnsignedString(value);
    }

    private static String floating(ByteBuffer place) {
        return switch (place.capacity()) {
            case Float.BYTES -> String.valueOf(place.getFloat(0));
            case Double.BYTES -> String.valueOf(place.getDouble(0));
            default -> hex(place, place.capacity());
        };
    }

    private static String constant(Enumeration type, ByteBuffer place) {
        long value = unsigned(place);
        long signed = type.signed() ? extended(value, place.capacity() * 8) : value;
        return type.constants().stream()
                .filter(constant -> constant.value() == signed)
                .map(BtfType.Constant::name)
                .findFirst()
                .orElse(String.valueOf(signed));
    }

    private void struct(Btf btf, Struct struct, ByteBuffer place, StringBuilder out) {
        out.append('{');
        var separator = "";
        for (var member : struct.members()) {
            out.append(separator);
            separator = ", ";
            if (!member.name().isEmpty()) out.append(member.name()).append('=');
            if (member.bitWidth() > 0) out.append(bits(btf, member, place));
            else print(btf, member.type(), part(btf, member, place), out);
        }
        out.append('}');
    }

    private static ByteBuffer part(Btf btf, Member member, ByteBuffer place) {
        int start = Math.min(member.bitOffset() / 8, place.capacity());
        int size = Math.min(btf.sizeOf(member.type()), place.capacity() - start);
        return place.slice(start, size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String bits(Btf btf, Member member, ByteBuffer place) {
        long value = 0;
        for (int i = 0; i < member.bitWidth(); i++) {
            int bit = member.bitOffset() + i;
            if (bit / 8 >= place.capacity()) break;
            value |= (place.get(bit / 8) >> bit % 8 & 1L) << i;
        }
        boolean signed = btf.resolve(member.type()) instanceof Int type && type.signed();
        return String.valueOf(signed ? extended(value, member.bitWidth()) : value);
    }

    private void array(Btf btf, Array array, ByteBuffer place, StringBuilder out) {
        int size = btf.sizeOf(array.element());
        if (btf.resolve(array.element()) instanceof Int type && isCharacter(type)) {
            var text = text(place);
            if (text.isPresent()) {
                out.append('"').append(text.get()).append('"');
                return;
            }
        }
        out.append('[');
        for (int i = 0; i < Math.min(array.count(), MOST_ELEMENTS); i++) {
            if (i > 0) out.append(", ");
            var part = place.slice(i * size, size).order(ByteOrder.LITTLE_ENDIAN);
            print(btf, array.element(), part, out);
        }
        if (array.count() > MOST_ELEMENTS) out.append(", …");
        out.append(']');
    }

    private static boolean isCharacter(Int type) {
        return type.size() == 1 && type.name().equals("char");
    }

    /** What stands before the zeros, if all of it can be printed. */
    private static Optional<String> text(ByteBuffer place) {
        int length = place.capacity();
        while (length > 0 && place.get(length - 1) == 0) length--;
        for (int i = 0; i < length; i++) {
            if (place.get(i) < ' ' || place.get(i) == 0x7f) return Optional.empty();
        }
        return Optional.of(new String(bytes(place, length), StandardCharsets.US_ASCII));
    }

    private void section(Btf btf, DataSection section, ByteBuffer place, StringBuilder out) {
        out.append('{');
        var separator = "";
        for (var variable : section.variables()) {
            int end = variable.offset() + variable.size();
            if (end > place.capacity()) break;
            out.append(separator).append(btf.type(variable.type()).name()).append('=');
            separator = ", ";
            var part = place.slice(variable.offset(), variable.size());
            print(btf, variable.type(), part.order(ByteOrder.LITTLE_ENDIAN), out);
        }
        out.append('}');
    }

    private static long unsigned(ByteBuffer place) {
        long value = 0;
        for (int i = Math.min(place.capacity(), Long.BYTES) - 1; i >= 0; i--) {
            value = value << 8 | Byte.toUnsignedLong(place.get(i));
        }
        return value;
    }

    private static long extended(long value, int bits) {
        return bits == 0 ? 0 : value << Long.SIZE - bits >> Long.SIZE - bits;
    }
}
