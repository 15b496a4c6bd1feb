package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.MalformedObjectException;
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
import io.jsockmap.bpf.btf.BtfType.Parameter;
import io.jsockmap.bpf.btf.BtfType.Placed;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Prototype;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Typedef;
import io.jsockmap.bpf.btf.BtfType.Variable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads the types of a {@code .BTF} section. */
final class BtfReader {
    private static final int SIGNED = 1;
    private static final int CHAR = 2;
    private static final int BOOL = 4;

    private final byte[] section;
    private final BtfBlob blob;
    private final List<BtfType> types = new ArrayList<>();

    BtfReader(byte[] section) {
        this.section = section;
        blob = new BtfBlob(".BTF", section, section);
    }

    Btf read() {
        types.add(new BtfType.Nothing());
        var body = blob.part(8, 12);
        try {
            while (body.hasRemaining()) types.add(readType(body));
        } catch (BufferUnderflowException _) {
            throw new MalformedObjectException(
                    ".BTF", body.position(), "type %d is cut off".formatted(types.size()));
        }
        var btf = new Btf(types, section);
        btf.check();
        return btf;
    }

    private BtfType readType(ByteBuffer in) {
        var name = blob.string(in.getInt());
        int info = in.getInt();
        int count = info & 0xffff;
        boolean flag = info < 0;
        int value = in.getInt();
        int kind = info >> 24 & 0x1f;
        return switch (kind) {
            case 1 -> readInt(name, value, in.getInt());
            case 2 -> new Pointer(value);
            case 3 -> readArray(in);
            case 4, 5 -> {
                var members = many(count, () -> readMember(in, flag));
                yield new Struct(name, value, members, kind == 5);
            }
            case 6 -> {
                var constants =
                        many(count, () -> new Constant(blob.string(in.getInt()), in.getInt()));
                yield new Enumeration(name, value, flag, constants);
            }
            case 7 -> new Forward(name, flag);
            case 8 -> new Typedef(name, value);
            case 9 -> new Modifier(Modifier.Kind.VOLATILE, name, value);
            case 10 -> new Modifier(Modifier.Kind.CONST, name, value);
            case 11 -> new Modifier(Modifier.Kind.RESTRICT, name, value);
            case 12 -> new Function(name, value, linkage(count));
            case 13 -> {
                var parameters =
                        many(count, () -> new Parameter(blob.string(in.getInt()), in.getInt()));
                yield new Prototype(value, parameters);
            }
            case 14 -> new Variable(name, value, linkage(in.getInt()));
            case 15 -> {
                var placed = many(count, () -> new Placed(in.getInt(), in.getInt(), in.getInt()));
                yield new DataSection(name, value, placed);
            }
            case 16 -> new Floating(name, value);
            case 17 -> new DeclarationTag(name, value, in.getInt());
            case 18 -> new Modifier(Modifier.Kind.TYPE_TAG, name, value);
            case 19 -> new Enumeration(name, value, flag, many(count, () -> readWideConstant(in)));
            default ->
                    throw new MalformedObjectException(
                            ".BTF",
                            in.position() - 12,
                            "type %d has kind %d, which is unknown".formatted(types.size(), kind));
        };
    }

    private static Int readInt(String name, int size, int encoding) {
        int properties = encoding >> 24;
        return new Int(
                name,
                size,
                (properties & SIGNED) != 0,
                (properties & BOOL) != 0,
                (properties & CHAR) != 0,
                encoding >> 16 & 0xff,
                encoding & 0xff);
    }

    private static Array readArray(ByteBuffer in) {
        return new Array(in.getInt(), in.getInt(), in.getInt());
    }

    private Member readMember(ByteBuffer in, boolean bitFields) {
        var name = blob.string(in.getInt());
        int type = in.getInt();
        int place = in.getInt();
        return bitFields
                ? new Member(name, type, place & 0xffffff, place >>> 24)
                : new Member(name, type, place, 0);
    }

    private Constant readWideConstant(ByteBuffer in) {
        var name = blob.string(in.getInt());
        long low = Integer.toUnsignedLong(in.getInt());
        return new Constant(name, low | (long) in.getInt() << 32);
    }

    private static Linkage linkage(int number) {
        return switch (number) {
            case 0 -> Linkage.STATIC;
            case 1 -> Linkage.GLOBAL;
            default -> Linkage.EXTERNAL;
        };
    }

    private static <T> List<T> many(int count, Supplier<T> one) {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < count; i++) all.add(one.get());
        return all;
    }
}
