package io.jsockmap.conformance.map;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.sockmap.map.SocketMap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** Which socket a map has, by the one thing that every engine tells of it. */
public final class Cookies {
    private Cookies() {}

    /** The cookie of the socket under a key; empty if there is none. */
    public static OptionalLong at(SocketMap map, byte[] key) {
        return map.lookup(key).stream().mapToLong(Cookies::number).findFirst();
    }

    /** The cookie of the socket at an index. */
    public static OptionalLong at(SocketMap map, long index) {
        return at(map, IndexKey.of(index));
    }

    private static long number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong();
    }
}
