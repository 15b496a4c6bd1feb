package io.jsockmap.testkit.run;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What the maps and variables of an object hold at a moment.
 *
 * <p>Queues, ring buffers and maps of what programs can't read as bytes are left out: they are read
 * by taking from them.
 *
 * {@snippet class="io.jsockmap.testkit.examples.RunExamples" region="changes"}
 *
 * @param values by place: {@code MAP[KEY]}, or a variable's name
 */
public record MapContents(Map<String, BtfValue> values) {
    public MapContents {
        values = new LinkedHashMap<>(values);
    }

    /**
     * Reads all.
     *
     * @param names what the sockets in maps are called
     */
    public static MapContents of(UserObject object, Function<Sock, String> names) {
        return new MapContents(new MapReader(object, names).all());
    }

    /**
     * What a map holds under a key, read as {@link #of} reads it.
     *
     * @throws BpfException ENOENT if there is no such map
     */
    public static Optional<BtfValue> valueAt(
            UserObject object, Function<Sock, String> names, String map, byte[] key) {
        return new MapReader(object, names).value(object.map(map), key);
    }

    /** What is different later, by place. */
    public List<MapChange> changesTo(MapContents later) {
        Set<String> places = new TreeSet<>(later.values.keySet());
        places.addAll(values.keySet());
        List<MapChange> changes = new ArrayList<>();
        for (var place : places) {
            var before = Optional.ofNullable(values.get(place));
            var after = Optional.ofNullable(later.values.get(place));
            // Bytes without a type are arrays, of which only the text can be compared.
            boolean same = before.map(Object::toString).equals(after.map(Object::toString));
            if (!same) changes.add(new MapChange(place, before, after));
        }
        return changes;
    }
}
