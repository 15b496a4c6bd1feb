package io.jsockmap.sockmap.key;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Constant;
import io.jsockmap.bpf.btf.BtfType.DataSection;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Floating;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Placed;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Variable;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Computes expressions and lays them out as C does. */
final class Layout {
    private final Optional<Btf> btf;
    private final NamedSockets connection;

    Layout(Optional<Btf> btf, NamedSockets connection) {
        this.btf = btf;
        this.connection = connection;
    }

    byte[] write(Expression expression, int type, int size) {
        var bytes = new byte[size];
        write(expression, type, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private void write(Expression expression, int type, ByteBuffer place) {
        place.order(ByteOrder.LITTLE_ENDIAN);
        switch (expression) {
            case Expression.Structure structure -> writeStructure(structure, type, place);
            case Expression.Elements elements -> writeElements(elements, type, place);
            case Expression.Text(var text) -> put(text.getBytes(StandardCharsets.UTF_8), place);
            case Expression.Raw(var bytes) -> put(bytes, place);
            case Expression.Address(var bytes) -> putAll(bytes, place);
            case Expression.Attribute attribute when isIp6(attribute) -> writeIp6(attribute, place);
            default -> writePlain(expression, type, place);
        }
    }

    private Optional<BtfType> resolved(int type) {
        return btf.filter(_ -> type != 0)
                .map(types -> types.resolve(type))
                .flatMap(t -> t instanceof Variable v ? resolved(v.type()) : Optional.of(t));
    }

    private void writePlain(Expression expression, int type, ByteBuffer place) {
        if (resolved(type).orElse(null) instanceof Floating) {
            writeReal(real(expression, type), place);
            return;
        }
        int size = place.capacity();
        if (size > Long.BYTES) {
            throw invalid(
                    "a number for %d bytes: name the fields {...}, or write hex:..."
                            .formatted(size));
        }
        writeBits(number(expression, type), place, 0, size * Byte.SIZE);
    }

    private void writeStructure(Expression.Structure structure, int type, ByteBuffer place) {
        var whole = resolved(type).orElse(null);
        for (var field : structure.fields().entrySet()) {
            var member = member(whole, field.getKey());
            if (member.bitWidth() > 0) {
                long value = number(field.getValue(), member.type());
                writeBits(value, place, member.bitOffset(), member.bitWidth());
                continue;
            }
            int size = btf.orElseThrow().sizeOf(member.type());
            var part = place.slice(member.bitOffset() / Byte.SIZE, size);
            write(field.getValue(), member.type(), part);
        }
        // One without fields is all zeros, if it is one.
        if (structure.fields().isEmpty()) members(whole);
    }

    private Member member(BtfType whole, String name) {
        var members = members(whole);
        return members.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                invalid(
                                        "struct %s has no field %s (it has: %s)"
                                                .formatted(
                                                        whole.name(),
                                                        name,
                                                        members.stream()
                                                                .map(Member::name)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    private List<Member> members(BtfType whole) {
        return switch (whole) {
            case Struct struct -> members(struct, 0).toList();
            case DataSection section -> section.variables().stream().map(this::variable).toList();
            case null, default ->
                    throw invalid(
                            "the object does not describe this as a structure: write hex:..."
                                    + " instead");
        };
    }

    private Member variable(Placed placed) {
        var name = btf.orElseThrow().type(placed.type()).name();
        return new Member(name, placed.type(), placed.offset() * Byte.SIZE, 0);
    }

    /** The members with a name, those of structures without one among them, as C finds them. */
    private Stream<Member> members(Struct struct, int start) {
        return struct.members().stream().flatMap(member -> named(member, start));
    }

    private Stream<Member> named(Member member, int start) {
        int at = start + member.bitOffset();
        if (member.name().isEmpty()) {
            boolean isPart = btf.orElseThrow().resolve(member.type()) instanceof Struct;
            return isPart
                    ? members((Struct) btf.orElseThrow().resolve(member.type()), at)
                    : Stream.empty();
        }
        return Stream.of(new Member(member.name(), member.type(), at, member.bitWidth()));
    }

    private void writeElements(Expression.Elements elements, int type, ByteBuffer place) {
        if (!(resolved(type).orElse(null) instanceof Array array)) {
            throw invalid("the object does not describe this as an array");
        }
        if (elements.all().size() > array.count()) {
            throw invalid(
                    "%d elements, the array has %d"
                            .formatted(elements.all().size(), array.count()));
        }
        int size = btf.orElseThrow().sizeOf(array.element());
        for (int i = 0; i < elements.all().size(); i++) {
            write(elements.all().get(i), array.element(), place.slice(i * size, size));
        }
    }

    private static void put(byte[] bytes, ByteBuffer place) {
        if (bytes.length > place.capacity()) {
            throw invalid(
                    "%d bytes, there is room for %d".formatted(bytes.length, place.capacity()));
        }
        place.put(0, bytes);
    }

    private static void putAll(byte[] bytes, ByteBuffer place) {
        if (bytes.length != place.capacity()) {
            throw invalid(
                    "an address or network of %d bytes, the place has %d"
                            .formatted(bytes.length, place.capacity()));
        }
        place.put(0, bytes);
    }

    private static boolean isIp6(Expression.Attribute attribute) {
        return attribute.name().endsWith("_ip6");
    }

    private void writeIp6(Expression.Attribute attribute, ByteBuffer place) {
        if (place.capacity() != 16) {
            throw invalid("an IPv6 address has 16 bytes, there is room for " + place.capacity());
        }
        var addresses = socket(attribute).addresses();
        boolean local = attribute.name().startsWith("local");
        for (int word = 0; word < 4; word++) {
            long value = local ? addresses.localIp6(word) : addresses.remoteIp6(word);
            place.putInt(word * Integer.BYTES, (int) value);
        }
    }

    private static void writeReal(double value, ByteBuffer place) {
        switch (place.capacity()) {
            case Float.BYTES -> place.putFloat(0, (float) value);
            case Double.BYTES -> place.putDouble(0, value);
            default -> throw invalid("a number of this type: write hex:... instead");
        }
    }

    private double real(Expression expression, int type) {
        return expression instanceof Expression.Real(double value)
                ? value
                : number(expression, type);
    }

    /** Writes a number into bits; the lowest bit of the first byte is bit 0. */
    private static void writeBits(long value, ByteBuffer place, int from, int width) {
        int unused = Long.SIZE - width;
        boolean fits = unused == 0 || value >>> width == 0 || value << unused >> unused == value;
        if (!fits) throw invalid("%d does not fit into %s".formatted(value, room(width)));
        for (int i = 0; i < width; i++) {
            int at = (from + i) / Byte.SIZE;
            int mask = 1 << (from + i) % Byte.SIZE;
            boolean isSet = (value >> i & 1) == 1;
            place.put(at, (byte) (isSet ? place.get(at) | mask : place.get(at) & ~mask));
        }
    }

    private static String room(int width) {
        return width % Byte.SIZE == 0 ? width / Byte.SIZE + " bytes" : width + " bits";
    }

    private long number(Expression expression, int type) {
        return switch (expression) {
            case Expression.Literal(long value) -> value;
            case Expression.Attribute attribute ->
                    named(attribute, type).orElseGet(() -> attribute(attribute));
            case Expression.Binary(var op, var left, var right) ->
                    binary(op, number(left, type), number(right, type));
            case Expression.Call(var function, var argument) ->
                    call(function, number(argument, type));
            case Expression.Real(double value) -> throw invalid(value + " is no whole number");
            default -> throw invalid("a number was expected");
        };
    }

    /** What a name without a socket means before one looks at sockets. */
    private OptionalLong named(Expression.Attribute name, int type) {
        if (!name.socket().isEmpty()) return OptionalLong.empty();
        if (resolved(type).orElse(null) instanceof Enumeration enumeration) {
            return OptionalLong.of(constant(enumeration, name.name()));
        }
        return switch (name.name()) {
            case "false" -> OptionalLong.of(0);
            case "true" -> OptionalLong.of(1);
            default -> OptionalLong.empty();
        };
    }

    private static long constant(Enumeration enumeration, String name) {
        return enumeration.constants().stream()
                .filter(constant -> constant.name().equals(name))
                .mapToLong(Constant::value)
                .findFirst()
                .orElseThrow(
                        () ->
                                invalid(
                                        "enum %s has no constant %s (it has: %s)"
                                                .formatted(
                                                        enumeration.name(),
                                                        name,
                                                        enumeration.constants().stream()
                                                                .map(Constant::name)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    private long attribute(Expression.Attribute attribute) {
        if (attribute.name().equals("slot")) return connection.slot();
        var addresses = socket(attribute).addresses();
        return switch (attribute.name()) {
            case "cookie" -> socket(attribute).cookie();
            case "family" -> addresses.family();
            case "local_ip4" -> addresses.localIp4();
            case "remote_ip4" -> addresses.remoteIp4();
            case "local_port" -> addresses.localPort();
            case "remote_port" -> addresses.remotePort();
            default ->
                    throw invalid(
                            "%s is no attribute of a socket (cookie, family, local_ip4, remote_ip4,"
                                            .formatted(attribute.name())
                                    + " local_ip6, remote_ip6, local_port, remote_port, slot)");
        };
    }

    private SockmapSocket socket(Expression.Attribute attribute) {
        return connection.socket(
                attribute.socket().isEmpty() ? connection.inserted() : attribute.socket());
    }

    private static long binary(String op, long left, long right) {
        return switch (op) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "<<" -> left << right;
            case ">>" -> left >>> right;
            case "&" -> left & right;
            default -> left | right;
        };
    }

    private static long call(String function, long value) {
        return switch (function) {
            case "htonl", "ntohl" -> Integer.toUnsignedLong(Integer.reverseBytes((int) value));
            case "htons", "ntohs" -> Short.toUnsignedLong(Short.reverseBytes((short) value));
            default ->
                    throw invalid(
                            "%s is no function (htonl, ntohl, htons, ntohs)".formatted(function));
        };
    }

    private static BpfException invalid(String problem) {
        return new BpfException(Errno.EINVAL, problem);
    }
}
