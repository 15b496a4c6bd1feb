package io.jsockmap.sockmap.key;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.sockmap.socket.Sock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Computes expressions and lays them out as C does. */
final class Layout {
    private final Optional<Btf> btf;
    private final Connection connection;

    Layout(Optional<Btf> btf, Connection connection) {
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
            case Expression.Attribute attribute when isIp6(attribute) -> writeIp6(attribute, place);
            default -> writeNumber(number(expression), place);
        }
    }

    private void writeStructure(Expression.Structure structure, int type, ByteBuffer place) {
        var resolved = btf.filter(_ -> type != 0).map(types -> types.resolve(type));
        if (resolved.isEmpty() || !(resolved.get() instanceof Struct struct)) {
            throw invalid(
                    "the object does not describe this as a structure: write hex:... instead");
        }
        for (var field : structure.fields().entrySet()) {
            var member = member(struct, field.getKey());
            int size = btf.get().sizeOf(member.type());
            var part = place.slice(member.bitOffset() / 8, size);
            write(field.getValue(), member.type(), part);
        }
    }

    private Member member(Struct struct, String name) {
        return members(struct, 0)
                .filter(m -> m.name().equals(name) && m.bitWidth() == 0)
                .findFirst()
                .orElseThrow(
                        () ->
                                invalid(
                                        "struct %s has no field %s (it has: %s)"
                                                .formatted(
                                                        struct.name(),
                                                        name,
                                                        members(struct, 0)
                                                                .map(Member::name)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    /** The members with a name, those of structures without one among them, as C finds them. */
    private Stream<Member> members(Struct struct, int start) {
        return struct.members().stream().flatMap(member -> named(member, start));
    }

    private Stream<Member> named(Member member, int start) {
        int at = start + member.bitOffset();
        if (member.name().isEmpty() && btf.get().resolve(member.type()) instanceof Struct inner) {
            return members(inner, at);
        }
        return Stream.of(new Member(member.name(), member.type(), at, member.bitWidth()));
    }

    private void writeElements(Expression.Elements elements, int type, ByteBuffer place) {
        var resolved = btf.filter(_ -> type != 0).map(types -> types.resolve(type));
        if (resolved.isEmpty() || !(resolved.get() instanceof Array array)) {
            throw invalid("the object does not describe this as an array");
        }
        if (elements.all().size() > array.count()) {
            throw invalid(
                    "%d elements, the array has %d"
                            .formatted(elements.all().size(), array.count()));
        }
        int size = btf.get().sizeOf(array.element());
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

    private static void writeNumber(long value, ByteBuffer place) {
        int size = place.capacity();
        if (size > Long.BYTES) {
            throw invalid(
                    "a number for %d bytes: name the fields {...}, or write hex:..."
                            .formatted(size));
        }
        int unused = Long.SIZE - size * 8;
        boolean fits = unused == 0 || value >>> size * 8 == 0 || value << unused >> unused == value;
        if (!fits) throw invalid("%d does not fit into %d bytes".formatted(value, size));
        for (int i = 0; i < size; i++) place.put(i, (byte) (value >> 8 * i));
    }

    private long number(Expression expression) {
        return switch (expression) {
            case Expression.Literal(long value) -> value;
            case Expression.Attribute attribute -> attribute(attribute);
            case Expression.Binary(var op, var left, var right) ->
                    binary(op, number(left), number(right));
            case Expression.Call(var function, var argument) -> call(function, number(argument));
            default -> throw invalid("a number was expected");
        };
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

    private Sock socket(Expression.Attribute attribute) {
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
