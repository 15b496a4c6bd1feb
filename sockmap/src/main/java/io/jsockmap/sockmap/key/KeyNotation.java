package io.jsockmap.sockmap.key;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;

import java.util.Optional;

/**
 * A key or value in words, to be computed for a connection.
 *
 * <ul>
 *   <li>Numbers, {@code 7}, {@code -7}, {@code 0x1f}, with {@code + - * << >> & |} and parentheses;
 *       {@code 1.5} where the type is one of these; {@code true} and {@code false}.
 *   <li>Where the type is an enumeration, the names of its constants.
 *   <li>Attributes of the socket that is inserted: {@code cookie}, {@code family}, {@code
 *       local_ip4}, {@code remote_ip4}, {@code local_ip6}, {@code remote_ip6}, {@code local_port},
 *       {@code remote_port}: the very numbers that a program reads from its context. {@code slot}
 *       is the lowest free number of a connection, from 0. {@code client.cookie} is the attribute
 *       of another socket of the same connection.
 *   <li>{@code htonl(x)}, {@code ntohl(x)}, {@code htons(x)}, {@code ntohs(x)} turn the bytes
 *       around.
 *   <li><code>{field=x, other=y}</code> for a structure by the object's BTF, {@code [x, y]} for an
 *       array; what is not named is zero, padding too.
 *   <li>{@code "text"} for an array of char, with {@code \n \t \" \\} as in C; {@code hex:0a0b} for
 *       bytes as they are.
 *   <li>{@code 10.0.0.1} and {@code 2001:db8::1} are the 4 or 16 bytes of an address in network
 *       order; {@code 10.0.0.0/8} and {@code 2001:db8::/32} the 8 or 20 bytes of a network, as an
 *       LPM_TRIE has them for its key: the length, and the address.
 * </ul>
 *
 * <p>What a {@link io.jsockmap.bpf.btf.BtfValue} prints is of this notation, and gives the same
 * bytes, padding apart.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="key"}
 */
public final class KeyNotation {
    private final String text;
    private final Expression expression;

    private KeyNotation(String text, Expression expression) {
        this.text = text;
        this.expression = expression;
    }

    /**
     * Reads the notation.
     *
     * @throws BpfException EINVAL naming the place that is not understood
     */
    public static KeyNotation parse(String text) {
        return new KeyNotation(text, ExpressionParser.parse(text));
    }

    /**
     * The bytes of a map's key.
     *
     * @param btf the object's types, if it has any: structures need them
     * @throws BpfException EINVAL if it does not fit the key
     */
    public byte[] key(BpfMap map, Optional<Btf> btf, NamedSockets connection) {
        return key(map.definition(), btf, connection);
    }

    /** The bytes of a key of a map that is made like that; otherwise as {@link #key}. */
    public byte[] key(MapDefinition map, Optional<Btf> btf, NamedSockets connection) {
        return bytes(btf, map.keyType(), map.keySize(), connection);
    }

    /** The bytes of a map's value; otherwise as {@link #key}. */
    public byte[] value(BpfMap map, Optional<Btf> btf, NamedSockets connection) {
        return bytes(btf, map.definition().valueType(), map.valueSize(), connection);
    }

    /**
     * The bytes of anything that has a type and a size.
     *
     * @param type its number in the types, or 0
     */
    public byte[] bytes(Optional<Btf> btf, int type, int size, NamedSockets connection) {
        try {
            return new Layout(btf, connection).write(expression, type, size);
        } catch (BpfException e) {
            throw new BpfException(Errno.EINVAL, "%s: %s".formatted(text, e.explanation()), e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
