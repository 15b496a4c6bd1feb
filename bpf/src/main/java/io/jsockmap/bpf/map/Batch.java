package io.jsockmap.bpf.map;

import java.util.List;
import java.util.Optional;

/**
 * Operations on many elements of a map (BPF_MAP_*_BATCH). Each element is read or changed by
 * itself: others see a batch half done.
 *
 * <p>Where the kernel gives ENOENT behind the last element, a page has no {@link Page#next()}. It
 * also gives ENOSPC where a bucket has more elements than are asked for; a page here begins and
 * ends anywhere.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="batch"}
 */
public interface Batch {

    /** What a kind of map may do in batches. */
    enum Operation {
        LOOKUP,
        LOOKUP_AND_DELETE,
        UPDATE,
        DELETE
    }

    /** An element as applications see it. */
    record Element(byte[] key, byte[] value) {}

    /**
     * Some elements, in the map's own order.
     *
     * @param elements no more than were asked for
     * @param next where the next page begins; empty at the end
     */
    record Page(List<Element> elements, Optional<Cursor> next) {}

    /** A place between two elements. It moves when it is used: a page is read from it once. */
    interface Cursor {}

    /**
     * The first elements.
     *
     * @param count how many at the most
     * @throws MapException EPERM for a BPF_F_WRONLY map, ENOTSUPP for kinds without batches, EINVAL
     *     for a negative count
     */
    Page lookup(int count);

    /**
     * The elements behind a page. Those that were there all the time are met once each; what was
     * inserted or deleted meanwhile may be met or not.
     *
     * @throws MapException as for the first page; EINVAL for a cursor of another map
     */
    Page lookup(Cursor cursor, int count);

    /**
     * Takes the first elements out of the map.
     *
     * @throws MapException EPERM for a map that applications can't both read and write, and as for
     *     lookup
     */
    Page lookupAndDelete(int count);

    /** Takes the elements behind a page out of the map. */
    Page lookupAndDelete(Cursor cursor, int count);

    /**
     * Inserts or replaces elements, in their order. The first that fails ends it.
     *
     * @throws BatchException what {@link BpfMap#update} refuses, and how many were done before
     * @throws MapException EPERM for a BPF_F_RDONLY or frozen map, ENOTSUPP for kinds without it
     */
    void update(List<Element> elements);

    /**
     * Removes keys, in their order. The first that fails ends it.
     *
     * @throws BatchException what {@link BpfMap#delete} refuses, and how many were done before
     * @throws MapException EPERM for a BPF_F_RDONLY or frozen map, ENOTSUPP for kinds without it
     */
    void delete(List<byte[]> keys);
}
