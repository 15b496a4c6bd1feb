package io.jsockmap.kernel.load;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.MapCalls;

import java.util.ArrayList;
import java.util.List;

/** Maps in the kernel like those of a program, for as long as it is verified or run. */
public final class KernelMaps implements AutoCloseable {
    private final List<Descriptor> maps = new ArrayList<>();

    /**
     * Makes them. They are empty, but for arrays that are frozen: those hold what ours do, since
     * the kernel takes it for constant.
     *
     * @throws BpfException if the kernel refuses one
     */
    public static KernelMaps like(List<BpfMap> maps) {
        var made = new KernelMaps();
        try {
            maps.forEach(made::add);
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** The file descriptor of the map at that place. */
    public int descriptor(int place) {
        return maps.get(place).number();
    }

    /**
     * Sets an element of the map at that place.
     *
     * @throws BpfException if the kernel refuses it
     */
    public void update(int place, byte[] key, byte[] value, String name) {
        update(maps.get(place), key, value, name);
    }

    private void add(BpfMap map) {
        var made = MapCreation.create(map.definition());
        maps.add(made);
        if (map instanceof ArrayMap array && array.isFrozen()) copy(array, made);
    }

    private static void copy(ArrayMap map, Descriptor to) {
        for (long index = 0; index < map.maxEntries(); index++) {
            var key = IndexKey.of(index);
            update(to, key, map.lookup(key).orElseThrow(), map.name());
        }
        Descriptor.check(MapCalls.freeze(to), "to freeze map " + map.name());
    }

    private static void update(Descriptor map, byte[] key, byte[] value, String name) {
        Descriptor.check(MapCalls.update(map, key, value, 0), "an element of map " + name);
    }

    @Override
    public void close() {
        maps.reversed().forEach(Descriptor::close);
    }
}
