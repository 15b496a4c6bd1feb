package io.jsockmap.store;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What entries mean in a map.
 *
 * @param map where they are put
 * @param definition the map as the object in force has it
 * @param types that object's
 */
record Notation(BpfMap map, MapDefinition definition, Optional<Btf> types) {

    /**
     * The element that an entry stands for.
     *
     * @throws BpfException EINVAL if it is none of this map
     */
    Element element(Entry entry) {
        try {
            var key =
                    KeyNotation.parse(entry.name())
                            .bytes(types, definition.keyType(), map.keySize(), NamedSockets.NONE);
            var value =
                    KeyNotation.parse(entry.value())
                            .bytes(
                                    types,
                                    definition.valueType(),
                                    map.valueSize(),
                                    NamedSockets.NONE);
            return new Element(entry, key(key), value);
        } catch (StackOverflowError _) {
            // The parser calls itself for what is in parentheses: anyone may write thousands.
            throw new BpfException(Errno.EINVAL, "is nested too deep");
        }
    }

    /** A key as the map compares it. */
    ByteBuffer key(byte[] key) {
        if (map.definition().type() != MapType.LPM_TRIE.number()) return ByteBuffer.wrap(key);
        // Bits behind the prefix do not count.
        var canonical = key.clone();
        long bits = IndexKey.indexOf(key);
        for (int at = IndexKey.SIZE; at < key.length; at++, bits -= Byte.SIZE) {
            long unused = Math.clamp(Byte.SIZE - bits, 0, Byte.SIZE);
            canonical[at] &= (byte) (0xff << unused);
        }
        return ByteBuffer.wrap(canonical);
    }
}
