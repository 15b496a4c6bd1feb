package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts maps in the place of others under traffic. Each socket gets all of its entries in the new
 * maps, with the programs that are attached there, and gives up all in the old ones, in one step;
 * until the last has moved, whoever looks for a socket in the old or the new map finds it. What is
 * inserted into an old map later, by a program that still runs, goes into the new one.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="succession"}
 */
public final class Succession {
    private final Map<UserSocketMap, UserSocketMap> heirs;
    private final Set<UserSocketMap> ending;
    private final Set<UserSocketMap> locked = new LinkedHashSet<>();
    private final Map<Sock, Change> changes = new LinkedHashMap<>();

    /**
     * What one socket gives up and gets; those in the same place belong together, as far as any do.
     */
    private static final class Change {
        final List<Entry> leaving = new ArrayList<>();
        final List<Entry> coming = new ArrayList<>();
    }

    /**
     * A place for a socket in a new map.
     *
     * @param key of the map's size
     */
    public record Place(UserSocketMap map, byte[] key) {}

    /**
     * @param heirs the maps that take the place, by those that they follow
     * @param ending maps that nothing follows: sockets leave them
     * @param more places that sockets get besides, in maps that follow no other
     * @throws BpfException EINVAL if a map can't hold what the other can
     */
    public Succession(
            Map<UserSocketMap, UserSocketMap> heirs,
            Set<UserSocketMap> ending,
            Map<Sock, List<Place>> more) {
        this.heirs = new LinkedHashMap<>(heirs);
        this.ending = new LinkedHashSet<>(ending);
        heirs.forEach(Succession::check);
        Stream.of(heirs.keySet(), heirs.values(), ending)
                .flatMap(maps -> maps.stream())
                .forEach(locked::add);
        more.forEach(
                (socket, places) -> {
                    for (var place : places) {
                        locked.add(place.map);
                        of(socket).coming.add(entry(place, socket));
                    }
                });
    }

    private static Entry entry(Place place, Sock socket) {
        var map = place.map;
        return new Entry(map, Key.of(place.key), socket, map.programs(), false);
    }

    private Change of(Sock socket) {
        return changes.computeIfAbsent(socket, _ -> new Change());
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
     *     elsewhere, EOPNOTSUPP if one can't be framed, EEXIST if a key is taken already, E2BIG if
     *     there is no room for a further place; nothing has changed then
     */
    public void run() {
        var inOrder = locked.stream().sorted(Comparator.comparingInt(UserSocketMap::id)).toList();
        inOrder.forEach(UserSocketMap::lock);
        try {
            checkPlaces();
            heirs.forEach(this::collect);
            for (var map : ending) map.entryWalk().forEach(e -> of(e.socket()).leaving.add(e));
            changes.forEach((socket, c) -> socket.checkExchange(c.leaving, c.coming));
            heirs.forEach((map, heir) -> heir.follow(map));
            changes.forEach(Succession::move);
            heirs.values().forEach(UserSocketMap::moved);
        } finally {
            inOrder.forEach(UserSocketMap::unlock);
        }
        changes.keySet().forEach(Sock::programsChanged);
    }

    private void checkPlaces() {
        Set<String> places = new LinkedHashSet<>();
        for (var change : changes.values()) {
            for (var entry : change.coming) {
                entry.map().checkIndex(entry.tableKey());
                boolean taken = entry.map().entryAt(entry.tableKey()) != null;
                if (taken || !places.add(entry.place())) throw taken(entry);
            }
        }
        for (var map : locked) {
            long coming =
                    changes.values().stream()
                            .flatMap(change -> change.coming.stream())
                            .filter(entry -> entry.map().id() == map.id())
                            .count();
            if (coming > 0 && map.size() + coming > map.maxEntries()) {
                throw map.refused(Errno.E2BIG, "no room for %d sockets more".formatted(coming));
            }
        }
    }

    private void collect(UserSocketMap map, UserSocketMap heir) {
        map.entryWalk()
                .forEach(
                        entry -> {
                            if (heir.entryAt(entry.tableKey()) != null) throw taken(entry.in(heir));
                            var change = of(entry.socket());
                            change.leaving.add(entry);
                            var successor = entry.in(heir);
                            entry.setHeir(successor);
                            change.coming.add(successor);
                        });
    }

    private static BpfException taken(Entry entry) {
        return entry.map()
                .refused(Errno.EEXIST, "key %s has a socket already".formatted(entry.tableKey()));
    }

    /** One that is being closed takes its own entries out. */
    private static void move(Sock socket, Change change) {
        if (!socket.exchange(change.leaving, change.coming)) return;
        // In this order: who looks in both maps finds one of them.
        for (var entry : change.coming) entry.map().put(entry.tableKey(), entry);
        for (var entry : change.leaving) entry.map().take(entry.tableKey());
    }
}
