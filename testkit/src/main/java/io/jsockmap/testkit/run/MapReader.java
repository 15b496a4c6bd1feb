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
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the maps and variables of an object, by their types. */
final class MapReader {
    private final UserObject object;
    private final Optional<Btf> btf;
    private final Function<Sock, String> names;

    MapReader(UserObject object, Function<Sock, String> names) {
        this.object = object;
        this.btf = object.spec().btf();
        this.names = names;
    }

    /** All that can be read without taking it away, by place. */
    Map<String, BtfValue> all() {
        Map<String, BtfValue> values = new LinkedHashMap<>();
        for (var spec : object.spec().maps()) {
            var map = object.map(spec.name());
            if (!isReadable(map)) continue;
            for (var key : keys(map)) {
                value(map, key).ifPresent(value -> values.put(place(map, key), value));
            }
        }
        for (var variable : object.spec().variables()) {
            var bytes = object.variable(variable.name()).bytes();
            values.put(variable.name(), BtfValues.read(btf, variable.type(), bytes));
        }
        return values;
    }

    private static boolean isReadable(BpfMap map) {
        if ((map.definition().flags() & BpfMap.WRONLY) != 0) return false;
        return switch (map) {
            case KeylessMap _, MapOfMaps _, RingBufferMap _ -> false;
            case PerfEventArrayMap _, ProgArrayMap<?> _, SkStorageMap _ -> false;
            default -> true;
        };
    }

    private static List<byte[]> keys(BpfMap map) {
        return map instanceof UserSocketMap sockets
                ? sockets.entries().stream().map(entry -> entry.key()).toList()
                : map.keys();
    }

    Optional<BtfValue> value(BpfMap map, byte[] key) {
        if (map instanceof UserSocketMap sockets) {
            return sockets.socket(key).map(s -> new BtfValue.Constant(names.apply(s), s.cookie()));
        }
        return map.lookup(key)
                .map(bytes -> map instanceof PercpuMap ? percpu(map, bytes) : value(map, bytes, 0));
    }

    private String place(BpfMap map, byte[] key) {
        var text = BtfValues.read(btf, map.definition().keyType(), key);
        return "%s[%s]".formatted(map.name(), text);
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
        boolean signed = false;
        for (var each : all) {
            if (!(each instanceof BtfValue.Numeric(long value, boolean isSigned))) {
                return new BtfValue.Elements(all);
            }
            sum += value;
            signed = isSigned;
        }
        return new BtfValue.Numeric(sum, signed);
    }
}
