package io.jsockmap.testkit.record;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.UserSocketMap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a map held over time, as far as the run could have changed it. */
final class MapTrail {
    private final BpfMap map;
    private final Optional<Btf> types;
    private final boolean isData;
    private final RunLimits limits;
    private final Map<String, byte[]> keys = new LinkedHashMap<>();
    private final Map<String, Trail> values = new LinkedHashMap<>();

    /** In a map of programs: their names by their ids, which are all that user space sees. */
    private final Map<Long, String> programs = new HashMap<>();

    private boolean isWhole = true;

    MapTrail(BpfMap map, Optional<Btf> types, RunLimits limits) {
        this.map = map;
        this.types = types;
        this.limits = limits;
        // No name in C has a dot.
        isData = map.name().contains(".");
    }

    BpfMap map() {
        return map;
    }

    /** Reads the elements, as many as are looked at. */
    void readAll(int step) {
        if (isTooLong()) return;
        var present = quietly(List.<byte[]>of(), this::firstKeys);
        present.forEach(key -> read(step, key));
        for (var key : List.copyOf(keys.values())) {
            if (!contains(present, key)) read(step, key);
        }
    }

    private static boolean contains(List<byte[]> all, byte[] key) {
        return all.stream().anyMatch(other -> Arrays.equals(other, key));
    }

    /** Reads what stands under a key. */
    void read(int step, byte[] key) {
        if (isTooLong() || key.length != map.keySize()) return;
        var name = HexFormat.of().formatHex(key);
        if (!keys.containsKey(name) && keys.size() >= limits.elements()) {
            isWhole = false;
            return;
        }
        // An element that is gone is one of no bytes: no map has values of none.
        var value = quietly(Optional.<byte[]>empty(), () -> find(key)).orElse(new byte[0]);
        if (value.length == 0 && !keys.containsKey(name)) return;
        keys.putIfAbsent(name, key);
        values.computeIfAbsent(name, _ -> new Trail()).note(step, value);
    }

    private boolean isTooLong() {
        boolean isTooLong = map.valueSize() > limits.bytes();
        if (isTooLong) isWhole = false;
        return isTooLong;
    }

    /** A map that applications may not read shows nothing; the run has nothing to do with it. */
    private static <T> T quietly(T otherwise, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (BpfException _) {
            return otherwise;
        }
    }

    private List<byte[]> firstKeys() {
        if (map instanceof UserSocketMap sockets) {
            var entries = sockets.entries();
            isWhole &= entries.size() <= limits.elements();
            return entries.stream().limit(limits.elements()).map(entry -> entry.key()).toList();
        }
        if (map.keySize() == 0) return List.of();
        List<byte[]> first = new ArrayList<>();
        var key = map.firstKey();
        while (key.isPresent() && first.size() < limits.elements()) {
            first.add(key.get());
            key = map.nextKey(key.get());
        }
        isWhole &= key.isEmpty();
        return first;
    }

    private Optional<byte[]> find(byte[] key) {
        return switch (map) {
            case UserSocketMap sockets ->
                    sockets.socket(key).map(socket -> number(socket.cookie()));
            case ArrayMap array when isData ->
                    Optional.of(array.memory().segment().toArray(JAVA_BYTE));
            case ProgArrayMap<?> jumps -> {
                if (jumps.program(IndexKey.indexOf(key)) instanceof Program program) {
                    programs.put((long) program.id(), program.name());
                }
                yield map.lookup(key);
            }
            default -> map.lookup(key);
        };
    }

    private static byte[] number(long value) {
        var bytes = new byte[Long.BYTES];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (value >> i * Byte.SIZE);
        return bytes;
    }

    /** What it held before a step. */
    MapState at(int step) {
        List<MapState.Entry> entries = new ArrayList<>();
        keys.forEach(
                (name, key) -> {
                    var value = values.get(name).at(step);
                    if (value.length > 0) addTo(entries, key, value);
                });
        return new MapState(map.name(), isData, isWhole, entries);
    }

    private void addTo(List<MapState.Entry> entries, byte[] key, byte[] value) {
        if (isData) variablesOf(value, entries);
        else entries.add(new MapState.Entry(keyText(key), valueOf(value)));
    }

    private String keyText(byte[] key) {
        return Reading.value(types, map.definition().keyType(), key).toString();
    }

    private BtfValue valueOf(byte[] value) {
        // A map of sockets shows cookies, whatever its values are called.
        int type = map instanceof UserSocketMap ? 0 : map.definition().valueType();
        var plain = Reading.value(types, type, value);
        if (plain instanceof BtfValue.Numeric(long id, var _) && programs.containsKey(id)) {
            return new BtfValue.Constant(programs.get(id), id);
        }
        boolean isOne = value.length <= map.valueSize() || map instanceof UserSocketMap;
        return isOne ? plain : ofEachCpu(type, value);
    }

    private BtfValue ofEachCpu(int type, byte[] values) {
        int stride = (map.valueSize() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        List<BtfValue> all = new ArrayList<>();
        for (int at = 0; at < values.length; at += stride) {
            all.add(
                    Reading.value(
                            types, type, Arrays.copyOfRange(values, at, at + map.valueSize())));
        }
        return new BtfValue.Elements(all);
    }

    private void variablesOf(byte[] section, List<MapState.Entry> entries) {
        var placed = types.flatMap(btf -> btf.dataSection(map.name()));
        if (placed.isEmpty()) {
            entries.add(new MapState.Entry(map.name(), new BtfValue.Raw(section)));
            return;
        }
        for (var variable : placed.get().variables()) {
            var type = types.orElseThrow().type(variable.type());
            int end = variable.offset() + variable.size();
            if (!(type instanceof BtfType.Variable) || end > section.length) continue;
            var bytes = Arrays.copyOfRange(section, variable.offset(), end);
            entries.add(
                    new MapState.Entry(type.name(), Reading.value(types, variable.type(), bytes)));
        }
    }
}
