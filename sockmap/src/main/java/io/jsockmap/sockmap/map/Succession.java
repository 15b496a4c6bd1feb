package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Sock;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Puts maps in the place of others under traffic. Each socket gets all of its entries in the new
 * maps, under the same keys, with the programs that are attached there, in one step; until the last
 * has moved, whoever looks for a socket in the old or the new map finds it. What is inserted into an
 * old map later, by a program that still runs, goes into the new one.
 */
public final class Succession {
    private final Map<UserSocketMap, UserSocketMap> heirs;

    /**
     * @param heirs the maps that take the place, by those that they follow
     * @throws BpfException EINVAL if a map can't hold what the other can
     */
    public Succession(Map<UserSocketMap, UserSocketMap> heirs) {
        this.heirs = new LinkedHashMap<>(heirs);
        this.heirs.forEach(Succession::check);
    }

    private static void check(UserSocketMap map, UserSocketMap heir) {
        var was = map.definition();
        var is = heir.definition();
        boolean fits =
                was.type() == is.type()
                        && was.keySize() == is.keySize()
                        && was.maxEntries() <= is.maxEntries();
        if (fits) return;
        throw heir.refused(
                Errno.EINVAL,
                "it can't take the place of %s: kind and key must be the same, max_entries no less"
                        .formatted(was.summary()));
    }

    /**
     * Moves all sockets.
     *
     * @throws BpfException EBUSY if a socket has a program of a kind that a new map brings from
     *     elsewhere, EOPNOTSUPP if one can't be framed, EEXIST if a new map has something under a
     *     key already; nothing has changed then
     */
    public void run() {
        Map<Sock, Map<Entry, Entry>> sockets = new LinkedHashMap<>();
        locked().forEach(UserSocketMap::lock);
        try {
            heirs.forEach((map, heir) -> collect(map, heir, sockets));
            sockets.forEach(Sock::checkHeirs);
            heirs.forEach((map, heir) -> heir.follow(map));
            sockets.forEach(Succession::move);
            heirs.values().forEach(UserSocketMap::moved);
        } finally {
            locked().forEach(UserSocketMap::unlock);
        }
        sockets.keySet().forEach(Sock::programsChanged);
    }

    /** In the same order for everybody. */
    private List<UserSocketMap> locked() {
        return Stream.concat(heirs.keySet().stream(), heirs.values().stream())
                .sorted(Comparator.comparing(UserSocketMap::id))
                .toList();
    }

    private static void collect(
            UserSocketMap map, UserSocketMap heir, Map<Sock, Map<Entry, Entry>> sockets) {
        map.entryWalk()
                .forEach(
                        entry -> {
                            if (heir.entryAt(entry.tableKey()) != null) {
                                throw heir.refused(
                                        Errno.EEXIST,
                                        "key %s has a socket already".formatted(entry.tableKey()));
                            }
                            sockets.computeIfAbsent(entry.socket(), _ -> new HashMap<>())
                                    .put(entry, entry.in(heir));
                        });
    }

    /** One that is being closed takes its own entries out. */
    private static void move(Sock socket, Map<Entry, Entry> entries) {
        if (socket.exchange(entries)) entries.forEach(UserSocketMap::move);
    }
}
