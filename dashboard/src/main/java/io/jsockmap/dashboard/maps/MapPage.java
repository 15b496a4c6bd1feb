package io.jsockmap.dashboard.maps;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.BpfMap;

import java.util.List;
import java.util.Optional;

/**
 * Some entries of a map, as text.
 *
 * @param number which page, from 1
 * @param pages how many there are, at least 1
 * @param entries its entries
 * @param problem why there are none to be shown, or empty
 */
public record MapPage(int number, int pages, List<Entry> entries, String problem) {
    /** Entries of a page. */
    public static final int SIZE = 100;

    /** A key and its value. */
    public record Entry(String key, String value) {}

    /**
     * A page of a map; the last one, if there are not so many.
     *
     * @param types the types of the object's file
     * @param number from 1
     */
    public static MapPage of(BpfMap map, Optional<Btf> types, int number) {
        try {
            return of(Listing.of(map, types), number);
        } catch (BpfException e) {
            return new MapPage(1, 1, List.of(), e.getMessage());
        }
    }

    private static MapPage of(Listing listing, int number) {
        int pages = Math.clamp((listing.size() + SIZE - 1) / SIZE, 1, Integer.MAX_VALUE);
        int page = Math.clamp(number, 1, pages);
        long from = (long) (page - 1) * SIZE;
        return new MapPage(page, pages, listing.from(from).limit(SIZE).toList(), "");
    }
}
