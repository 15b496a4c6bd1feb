package io.jsockmap.bpf.map;

import java.util.Optional;

/**
 * A map whose values are maps, all alike.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="nested"}
 */
public interface MapOfMaps {

    /** What the maps in it are like. */
    MapDefinition inner();

    /**
     * Puts a map at a key. Programs that have the one that was there before go on with it.
     *
     * @throws MapException EINVAL for a map that is not like {@link #inner()}; errors by key and
     *     flag as the kind of outer map has them; EPERM for a BPF_F_RDONLY or frozen map
     */
    void update(byte[] key, BpfMap inner, UpdateFlag flag);

    /** The map at a key. */
    Optional<BpfMap> map(byte[] key);
}
