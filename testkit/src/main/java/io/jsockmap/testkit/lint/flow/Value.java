package io.jsockmap.testkit.lint.flow;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** What a register or a place on the stack may hold, as far as a lint has to know it. */
public sealed interface Value {
    /** What is known only vaguely. */
    enum Vague implements Value {
        /** Anything. */
        UNKNOWN,
        /** A pointer to a stack, nobody knows where, or to the frame of another function. */
        SOMEWHERE
    }

    /** So many values are told apart at one place. */
    int MOST = 8;

    /**
     * A number that the program itself has.
     *
     * @param slot the instruction that sets it
     */
    record Constant(long value, int slot) implements Value {}

    /** A pointer into the context, so many bytes from its start. */
    record Context(int offset) implements Value {}

    /** A pointer into the packet. */
    record Packet() implements Value {}

    /** The pointer behind the packet's last byte that is there. */
    record PacketEnd() implements Value {}

    /** A pointer into the frame of this function; the offset is from its end, so 0 or negative. */
    record Stack(int offset) implements Value {}

    /** A pointer to a map: its place among the program's maps. */
    record MapPointer(int place) implements Value {}

    /**
     * A number that was read from a field of the context, or what was made of it.
     *
     * @param name the field
     * @param text what was done to it, as one would write it in C
     * @param mask the bits that may be set
     * @param steps how often it was changed
     */
    record Field(String name, String text, long mask, int steps) implements Value {}

    /**
     * What a helper has returned.
     *
     * @param slot the call
     */
    record Result(int slot, int helper) implements Value {}

    /** One of a few values: which, hangs on the path. */
    record OneOf(Set<Value> values) implements Value {
        public OneOf {
            values = Set.copyOf(values);
        }
    }

    /** Each value that it may be by itself. */
    default Stream<Value> each() {
        return this instanceof OneOf(Set<Value> values) ? values.stream() : Stream.of(this);
    }

    /** The number that it is on all paths, if there is one. */
    default OptionalLong constant() {
        var numbers = each().map(v -> v instanceof Constant c ? c.value() : null).toList();
        boolean same = numbers.stream().distinct().count() == 1 && numbers.getFirst() != null;
        return same ? OptionalLong.of(numbers.getFirst()) : OptionalLong.empty();
    }

    /** Whether it points to the packet or its end. */
    default boolean isOfPacket() {
        return each().anyMatch(v -> v instanceof Packet || v instanceof PacketEnd);
    }

    /** Whether it points to a stack. */
    default boolean isOfStack() {
        return each().anyMatch(v -> v instanceof Stack || v == Vague.SOMEWHERE);
    }

    /** What holds on two paths. */
    static Value join(Value one, Value other) {
        if (one.equals(other)) return one;
        if (one == Vague.UNKNOWN || other == Vague.UNKNOWN) return unknown(one, other);
        var all = new LinkedHashSet<Value>();
        for (var value : List.of(one, other)) value.each().forEach(all::add);
        boolean pointers = all.stream().anyMatch(Value::isOfStack);
        if (pointers) return Vague.SOMEWHERE;
        return all.size() > MOST ? Vague.UNKNOWN : new OneOf(all);
    }

    /** A pointer to a stack must not be forgotten: somebody may write by it. */
    private static Value unknown(Value one, Value other) {
        return one.isOfStack() || other.isOfStack() ? Vague.SOMEWHERE : Vague.UNKNOWN;
    }
}
