package io.jsockmap.testkit.lint.flow;

import io.jsockmap.testkit.lint.flow.Value.Field;

import java.util.Map;

/**
 * Fields of the context of which only some bits can ever be set: local_port is a port in host
 * order, remote_port one in network order in the upper half of a little-endian number.
 */
public final class Ports {
    /** The name of the field in host order. */
    public static final String LOCAL = "local_port";

    /** The name of the field in network order. */
    public static final String REMOTE = "remote_port";

    private static final Map<String, Long> MASKS = Map.of(LOCAL, 0xffffL, REMOTE, 0xffff_0000L);

    private Ports() {}

    /** Whether the number is a port, or was made of one. */
    public static boolean isPort(Field field) {
        return MASKS.containsKey(field.name());
    }

    static Value ofField(String name, int at, int size) {
        long room = size == Long.BYTES ? -1 : (1L << size * Byte.SIZE) - 1;
        long mask = MASKS.getOrDefault(name, -1L);
        boolean part = MASKS.containsKey(name) && size < Integer.BYTES;
        var text = part ? "the %d bytes at %d of %s".formatted(size, at, name) : name;
        return new Field(name, text, mask >>> at * Byte.SIZE & room, 0);
    }
}
