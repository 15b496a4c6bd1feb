package io.jsockmap.kernel.load;

import io.jsockmap.bpf.btf.Btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes types in the BPF Type Format. Each method adds one and gives its number. */
public final class TypeWriter {
    public static final int VOID = 0;
    public static final int STATIC = 0;
    public static final int GLOBAL = 1;

    private static final int INT = 1;
    private static final int POINTER = 2;
    private static final int STRUCT = 4;
    private static final int FUNCTION = 12;
    private static final int PROTOTYPE = 13;
    private static final int DECLARATION_TAG = 17;

    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Integer> places = new HashMap<>();
    private int count;

    public TypeWriter() {
        strings.write(0);
        places.put("", 0);
    }

    /** A member of a structure at an offset in bytes, or a parameter of a function. */
    public record Named(String name, int type, int offset) {
        public static Named parameter(String name, int type) {
            return new Named(name, type, 0);
        }
    }

    public int integer(String name, int size, boolean signed) {
        int number = add(name, INT, 0, size);
        word(size * Byte.SIZE | (signed ? 1 << 24 : 0));
        return number;
    }

    public int pointer(int target) {
        return add("", POINTER, 0, target);
    }

    public int struct(String name, int size, List<Named> members) {
        int number = add(name, STRUCT, members.size(), size);
        for (var member : members) {
            word(place(member.name));
            word(member.type);
            word(member.offset * Byte.SIZE);
        }
        return number;
    }

    public int prototype(int result, List<Named> parameters) {
        int number = add("", PROTOTYPE, parameters.size(), result);
        for (var parameter : parameters) {
            word(place(parameter.name));
            word(parameter.type);
        }
        return number;
    }

    /** A function; linkage is STATIC or GLOBAL. */
    public int function(String name, int prototype, int linkage) {
        return add(name, FUNCTION, linkage, prototype);
    }

    /** A note on a function's parameter, counted from 0. */
    public int tag(String text, int function, int parameter) {
        int number = add(text, DECLARATION_TAG, 0, function);
        word(parameter);
        return number;
    }

    /** The section. */
    public byte[] toBytes() {
        return section(types.toByteArray(), strings.toByteArray());
    }

    public Btf toBtf() {
        return Btf.read(toBytes());
    }

    /** A section of types and strings that are written already. */
    public static byte[] section(byte[] types, byte[] strings) {
        return ByteBuffer.allocate(24 + types.length + strings.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0xeb9f)
                .put((byte) 1)
                .put((byte) 0)
                .putInt(24)
                .putInt(0)
                .putInt(types.length)
                .putInt(types.length)
                .putInt(strings.length)
                .put(types)
                .put(strings)
                .array();
    }

    private int add(String name, int kind, int length, int sizeOrType) {
        word(place(name));
        word(kind << 24 | length);
        word(sizeOrType);
        return ++count;
    }

    private int place(String text) {
        return places.computeIfAbsent(text, this::append);
    }

    private int append(String text) {
        int place = strings.size();
        strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
        return place;
    }

    private void word(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) types.write(value >> shift);
    }
}
