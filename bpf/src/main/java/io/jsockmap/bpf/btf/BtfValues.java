package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.DataSection;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Floating;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Variable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shows bytes by their type: values of maps, global variables, what programs point to.
 *
 * {@snippet class="io.jsockmap.bpf.examples.BtfExamples" region="values"}
 */
public final class BtfValues {
    /** As many elements of an array are shown one by one. */
    private static final int MOST_ELEMENTS = 4096;

    private final Btf btf;

    public BtfValues(Btf btf) {
        this.btf = btf;
    }

    /**
     * Bytes by a type, or as they are where there is none.
     *
     * @param btf the types, if the object has any
     * @param type the number of theirs, 0 for none
     */
    public static BtfValue read(Optional<Btf> btf, int type, byte[] bytes) {
        return btf.filter(_ -> type != 0)
                .map(types -> new BtfValues(types).read(type, bytes))
                .orElseGet(() -> plain(bytes));
    }

    /** A number where the bytes are as many as one has. */
    private static BtfValue plain(byte[] bytes) {
        return switch (bytes.length) {
            case 1, 2, 4, 8 -> new BtfValue.Numeric(number(bytes, 0, bytes.length), false);
            default -> new BtfValue.Raw(bytes.clone());
        };
    }

    /** Bytes by a type; those that are fewer than it has are shown as if they had none. */
    public BtfValue read(int type, byte[] bytes) {
        int size = btf.sizeOf(type);
        return size == 0 || size > bytes.length ? plain(bytes) : read(type, bytes, 0);
    }

    private BtfValue read(int type, byte[] bytes, int at) {
        int size = btf.sizeOf(type);
        return switch (btf.resolve(type)) {
            case Int integer -> integer(bytes, at, integer);
            case Floating floating -> real(bytes, at, floating);
            case Enumeration enumeration ->
                    constant(enumeration, number(bytes, at, size), size * Byte.SIZE);
            case Pointer _ -> new BtfValue.Address(number(bytes, at, size));
            case Struct struct -> fields(struct, bytes, at);
            case Array array -> elements(array, bytes, at);
            case Variable variable -> read(variable.type(), bytes, at);
            case DataSection section -> variables(section, bytes, at);
            default -> raw(bytes, at, size);
        };
    }

    private static BtfValue integer(byte[] bytes, int at, Int integer) {
        int size = integer.size();
        if (size > Long.BYTES) return raw(bytes, at, size);
        long value = number(bytes, at, size);
        return integer(integer, value, size * Byte.SIZE);
    }

    private static BtfValue integer(Int integer, long value, int bits) {
        // Anything else than 0 and 1 in a bool is worth to be seen.
        if (integer.bool() && value >>> 1 == 0) return new BtfValue.Bool(value != 0);
        boolean signed = integer.signed();
        return new BtfValue.Numeric(signed ? extended(value, bits) : value, signed);
    }

    private static BtfValue real(byte[] bytes, int at, Floating floating) {
        double value =
                switch (floating.size()) {
                    case Float.BYTES -> Float.intBitsToFloat((int) number(bytes, at, Float.BYTES));
                    case Double.BYTES -> Double.longBitsToDouble(number(bytes, at, Double.BYTES));
                    default -> Double.NaN;
                };
        // There are many bits for "no number".
        return Double.isFinite(value) ? new BtfValue.Real(value) : raw(bytes, at, floating.size());
    }

    private static BtfValue constant(Enumeration enumeration, long number, int bits) {
        long value = enumeration.signed() ? extended(number, bits) : number;
        return enumeration.constants().stream()
                .filter(constant -> constant.value() == value)
                .findFirst()
                .<BtfValue>map(constant -> new BtfValue.Constant(constant.name(), value))
                .orElseGet(() -> new BtfValue.Numeric(value, enumeration.signed()));
    }

    private BtfValue fields(Struct struct, byte[] bytes, int at) {
        Map<String, BtfValue> members = new LinkedHashMap<>();
        for (var member : struct.members()) {
            var value = member(member, bytes, at);
            // What an unnamed part has, C shows as members of the whole.
            boolean isPart = member.name().isEmpty() && value instanceof BtfValue.Fields;
            if (isPart) members.putAll(((BtfValue.Fields) value).members());
            else if (!member.name().isEmpty()) members.put(member.name(), value);
        }
        return new BtfValue.Fields(members);
    }

    private BtfValue member(Member member, byte[] bytes, int at) {
        int width = member.bitWidth();
        if (width == 0) return read(member.type(), bytes, at + member.bitOffset() / Byte.SIZE);
        long value = bits(bytes, at * Byte.SIZE + member.bitOffset(), width);
        return switch (btf.resolve(member.type())) {
            case Int integer -> integer(integer, value, width);
            case Enumeration enumeration -> constant(enumeration, value, width);
            default -> new BtfValue.Numeric(value, false);
        };
    }

    private static long bits(byte[] bytes, int from, int width) {
        long value = 0;
        for (int bit = from + width - 1; bit >= from; bit--) {
            value = value << 1 | bytes[bit / Byte.SIZE] >> bit % Byte.SIZE & 1;
        }
        return value;
    }

    private BtfValue variables(DataSection section, byte[] bytes, int at) {
        Map<String, BtfValue> variables = new LinkedHashMap<>();
        for (var placed : section.variables()) {
            var value = read(placed.type(), bytes, at + placed.offset());
            variables.put(btf.type(placed.type()).name(), value);
        }
        return new BtfValue.Fields(variables);
    }

    private BtfValue elements(Array array, byte[] bytes, int at) {
        int size = btf.sizeOf(array.element());
        int length = array.count() * size;
        if (isChar(array.element())) {
            var text = text(bytes, at, length);
            if (text.isPresent()) return text.get();
        }
        if (size == 0 || array.count() > MOST_ELEMENTS) return raw(bytes, at, length);
        List<BtfValue> all = new ArrayList<>();
        for (int i = 0; i < array.count(); i++) {
            all.add(read(array.element(), bytes, at + i * size));
        }
        return new BtfValue.Elements(all);
    }

    private boolean isChar(int type) {
        return btf.resolve(type) instanceof Int integer
                && integer.size() == 1
                && (integer.character() || integer.name().equals("char"));
    }

    /** A text, if it can be read, and nothing but zeros stands behind it. */
    private static Optional<BtfValue> text(byte[] bytes, int at, int length) {
        int end = at;
        while (end < at + length && bytes[end] != 0) {
            boolean readable = bytes[end] >= ' ' && bytes[end] < 0x7f;
            if (!readable && bytes[end] != '\t' && bytes[end] != '\n') return Optional.empty();
            end++;
        }
        // What stands behind the zero counts too, so it must not be left out.
        for (int i = end; i < at + length; i++) {
            if (bytes[i] != 0) return Optional.empty();
        }
        return Optional.of(
                new BtfValue.Text(new String(bytes, at, end - at, StandardCharsets.US_ASCII)));
    }

    private static BtfValue raw(byte[] bytes, int at, int size) {
        return new BtfValue.Raw(Arrays.copyOfRange(bytes, at, at + size));
    }

    private static long number(byte[] bytes, int at, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) value = value << Byte.SIZE | bytes[at + i] & 0xff;
        return value;
    }

    private static long extended(long value, int bits) {
        return value << Long.SIZE - bits >> Long.SIZE - bits;
    }
}
