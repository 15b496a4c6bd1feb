package io.jsockmap.control.inventory;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.UpdateFlag;

import java.util.Optional;

/**
 * The elements of a map, as an application sees them.
 *
 * <p>All methods may be called from any thread. What the map refuses is a {@link BpfException} with
 * the errno of bpf(2).
 *
 * {@snippet class="io.jsockmap.control.examples.InventoryExamples" region="elements"}
 */
public interface MapContent {
    /** How the bytes of a key are to be read. */
    Form keyForm();

    /** How the bytes of a value are to be read. */
    Form valueForm();

    /**
     * The elements at about this moment, one after the other while the map may change. What the map
     * refuses is known before the first one.
     */
    Iterable<Element> elements();

    /** The key behind another one, or the first key for none; empty behind the last one. */
    Optional<byte[]> nextKey(Optional<byte[]> key);

    /** The value of a key, if it is there. */
    Optional<Value> lookup(byte[] key);

    /**
     * Sets the value of a key. A map with a value for each CPU takes the bytes of one for all of
     * them; a map of sockets takes the cookie of a socket of the engine, of 4 or 8 bytes.
     */
    void update(byte[] key, Value value, UpdateFlag flag);

    /** Removes a key. */
    void delete(byte[] key);

    /**
     * A key with its value.
     *
     * @param key the key's bytes
     * @param value the value
     */
    record Element(byte[] key, Value value) {}
}
