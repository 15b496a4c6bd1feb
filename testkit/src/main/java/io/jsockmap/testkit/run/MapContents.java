package io.jsockmap.testkit.run;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.bpf.btf.BtfValues;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.KeylessMap;
import io.jsockmap.bpf.map.MapOfMaps;
import io.jsockmap.bpf.map.PercpuMap;
import io.jsockmap.bpf.map.PerfEventArrayMap;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.RingBufferMap;
import io.jsockmap.bpf.map.SkStorageMap;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.SocketMap;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the maps and variables of an object hold at a moment.
 *
 * <p>Queues, ring buffers and maps of what programs can't read as bytes are left out: they are read
 * by taking from them.
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
    public static MapContents of(SockmapObject object, Function<Sock, String> names) {
        var reading = new Reading(object, names);
        object.maps().values().forEach(reading::map);
        reading.variables();
        return new MapContents(reading.values);
    }

    /** What is different later, in the order of the places. */
    public List<MapChange> changesTo(MapContents later) {
        Set<String> places = new LinkedHashSet<>(values.keySet());
        places.addAll(later.values.keySet());
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

    private static final class Reading {
        private final Map<String, BtfValue> values = new LinkedHashMap<>();
        private final SockmapObject object;
        private final Optional<Btf> btf;
        private final Function<Sock, String> names;

        Reading(SockmapObject object, Function<Sock, String> names) {
            this.object = object;
            this.btf = object.spec().btf();
            this.names = names;
        }

        void variables() {
            for (var variable : object.spec().variables()) {
                var bytes = object.variable(variable.name()).bytes();
                values.put(variable.name(), BtfValues.read(btf, variable.type(), bytes));
            }
        }

        void map(BpfMap map) {
            if (isDataSection(map)) return;
            switch (map) {
                case SocketMap sockets -> sockets(sockets);
                case KeylessMap _, MapOfMaps _ -> {}
                case RingBufferMap _, PerfEventArrayMap _, ProgArrayMap<?> _, SkStorageMap _ -> {}
                default -> elements(map);
            }
        }

        private boolean isDataSection(BpfMap map) {
            var sections = new HashSet<String>();
            object.spec().data().forEach(section -> sections.add(section.name()));
            return sections.contains(map.name());
        }

        private void sockets(SocketMap map) {
            for (var entry : map.entries()) {
                var socket = entry.socket();
                values.put(
                        place(map, entry.key()),
                        new BtfValue.Constant(names.apply(socket), socket.cookie()));
            }
        }

        private void elements(BpfMap map) {
            if ((map.definition().flags() & BpfMap.WRONLY) != 0) return;
            for (var key : map.keys()) {
                map.lookup(key).ifPresent(value -> values.put(place(map, key), value(map, value)));
            }
        }

        private String place(BpfMap map, byte[] key) {
            return "%s[%s]"
                    .formatted(map.name(), BtfValues.read(btf, map.definition().keyType(), key));
        }

        private BtfValue value(BpfMap map, byte[] bytes) {
            return map instanceof PercpuMap ? percpu(map, bytes) : value(map, bytes, 0);
        }

        private BtfValue value(BpfMap map, byte[] bytes, int at) {
            var value = Arrays.copyOfRange(bytes, at, at + map.valueSize());
            return BtfValues.read(btf, map.definition().valueType(), value);
        }

        /** Numbers are added up: which CPU counted is chance. */
        private BtfValue percpu(BpfMap map, byte[] bytes) {
            List<BtfValue> all = new ArrayList<>();
            int stride = (map.valueSize() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
            for (int at = 0; at < bytes.length; at += stride) all.add(value(map, bytes, at));
            long sum = 0;
            for (var each : all) {
                if (!(each instanceof BtfValue.Numeric(long value, var _))) {
                    return new BtfValue.Elements(all);
                }
                sum += value;
            }
            return new BtfValue.Numeric(sum, false);
        }
    }
}
