package io.jsockmap.control.inventory;

import java.util.List;

/**
 * What stands under a key.
 *
 * {@snippet class="io.jsockmap.control.examples.InventoryExamples" region="values"}
 */
public sealed interface Value {
    /** Bytes. */
    record Bytes(byte[] bytes) implements Value {}

    /** Bytes for each CPU, in the order of the CPUs. */
    record PerCpu(List<byte[]> all) implements Value {
        public PerCpu {
            all = List.copyOf(all);
        }
    }

    /**
     * A socket.
     *
     * @param cookie its cookie
     * @param kind TCP, UDP and so on
     * @param local its own end
     * @param remote its peer, or empty
     * @param state its state
     * @param programs which programs judge its bytes, in words
     */
    record Socket(
            long cookie, String kind, String local, String remote, String state, String programs)
            implements Value {}

    /** A program, by its number in the inventory; 0 for one that is not in it. */
    record OfProgram(int id) implements Value {}

    /** A map, by its number in the inventory; 0 for one that is not in it. */
    record OfMap(int id) implements Value {}
}
