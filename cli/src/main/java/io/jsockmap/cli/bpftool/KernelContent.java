package io.jsockmap.cli.bpftool;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.control.inventory.Form;
import io.jsockmap.control.inventory.MapContent;
import io.jsockmap.control.inventory.Value;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The elements of a map of the kernel, whose types are not known. */
record KernelContent(BpfMap map, MapType type) implements MapContent {
    @Override
    public Form keyForm() {
        return new Form.Plain(map.keySize());
    }

    @Override
    public Form valueForm() {
        return new Form.Plain(map.valueSize());
    }

    @Override
    public Iterable<Element> elements() {
        var keys = map.keys();
        return () ->
                keys.stream()
                        .flatMap(key -> lookup(key).map(v -> new Element(key, v)).stream())
                        .iterator();
    }

    @Override
    public Optional<byte[]> nextKey(Optional<byte[]> key) {
        return key.isPresent() ? map.nextKey(key.get()) : map.firstKey();
    }

    @Override
    public Optional<Value> lookup(byte[] key) {
        return map.lookup(key)
                .map(
                        bytes ->
                                switch (type) {
                                    case PROG_ARRAY -> new Value.OfProgram(number(bytes));
                                    case ARRAY_OF_MAPS, HASH_OF_MAPS ->
                                            new Value.OfMap(number(bytes));
                                    case PERCPU_ARRAY, PERCPU_HASH, LRU_PERCPU_HASH ->
                                            perCpu(bytes);
                                    default -> new Value.Bytes(bytes);
                                });
    }

    private static int number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
    }

    private Value perCpu(byte[] all) {
        int stride = map.definition().stride();
        List<byte[]> values = new ArrayList<>();
        for (int at = 0; at < all.length; at += stride) {
            values.add(Arrays.copyOfRange(all, at, at + map.valueSize()));
        }
        return new Value.PerCpu(values);
    }

    @Override
    public void update(byte[] key, Value value, UpdateFlag flag) {
        throw KernelInventory.onlyLookedAt("element set in map " + map.id(), "bpftool map update");
    }

    @Override
    public void delete(byte[] key) {
        throw KernelInventory.onlyLookedAt(
                "element taken out of map " + map.id(), "bpftool map delete");
    }
}
