package io.jsockmap.sockmap.key;

import java.util.List;
import java.util.Map;

/** What a key or value is computed from. */
sealed interface Expression {

    /** A number. */
    record Literal(long value) implements Expression {}

    /** A number that need not be whole. */
    record Real(double value) implements Expression {}

    /** A text, for arrays of char. */
    record Text(String value) implements Expression {}

    /** Bytes as they are. */
    record Raw(byte[] value) implements Expression {}

    /** An address, or a network: bytes of which none may be missing. */
    record Address(byte[] value) implements Expression {}

    /**
     * An attribute of a socket: of the one named, or of the one that is inserted if empty. Without
     * a socket it may be another name too: {@code true}, {@code false}, a constant.
     */
    record Attribute(String socket, String name) implements Expression {}

    /** {@code left op right}. */
    record Binary(String op, Expression left, Expression right) implements Expression {}

    /** {@code htonl(x)} and its like. */
    record Call(String function, Expression argument) implements Expression {}

    /** A structure; fields that are not named are zero. */
    record Structure(Map<String, Expression> fields) implements Expression {}

    /** An array; elements that are not there are zero. */
    record Elements(List<Expression> all) implements Expression {}
}
