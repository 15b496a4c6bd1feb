package io.jsockmap.control.inventory;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapOfMaps;
import io.jsockmap.bpf.map.PercpuMap;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.Entry;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The elements of a map of an engine in this process. */
final class EngineContent implements MapContent {
    private final EngineInventory inventory;
    private final BpfMap map;
    private final ObjectSpec object;

    EngineContent(EngineInventory inventory, BpfMap map, ObjectSpec object) {
        this.inventory = inventory;
        this.map = map;
        this.object = object;
    }

    @Override
    public Form keyForm() {
        return form(map.definition().keyType(), map.keySize());
    }

    @Override
    public Form valueForm() {
        boolean section = object.data().stream().anyMatch(d -> d.name().equals(map.name()));
        if (!section || object.btf().isEmpty()) {
            return form(map.definition().valueType(), map.valueSize());
        }
        var variables =
                object.variables().stream()
                        .filter(v -> v.section().equals(map.name()) && v.type() != 0)
                        .toList();
        return new Form.Section(map.name(), object.btf().get(), variables, map.valueSize());
    }

    private Form form(int type, int size) {
        Optional<Btf> types = object.btf();
        return type == 0 || types.isEmpty()
                ? new Form.Plain(size)
                : new Form.Typed(types.get(), type, size);
    }

    @Override
    public Iterable<Element> elements() {
        if (map instanceof UserSocketMap sockets) return elements(sockets);
        var keys = map.keys();
        // A key may be gone by the time that its turn comes.
        return () ->
                keys.stream()
                        .flatMap(key -> lookup(key).map(v -> new Element(key, v)).stream())
                        .iterator();
    }

    private static Iterable<Element> elements(UserSocketMap sockets) {
        // Refused for a map that applications can't read.
        var _ = sockets.firstKey();
        return () ->
                sockets.entries().stream()
                        .map((Entry e) -> new Element(e.key(), describe(e.socket())))
                        .iterator();
    }

    @Override
    public Optional<byte[]> nextKey(Optional<byte[]> key) {
        return key.isPresent() ? map.nextKey(key.get()) : map.firstKey();
    }

    @Override
    public Optional<Value> lookup(byte[] key) {
        return switch (map) {
            case UserSocketMap sockets -> sockets.socket(key).map(EngineContent::describe);
            case ProgArrayMap<?> programs ->
                    Optional.ofNullable(programs.program(IndexKey.indexOf(key)))
                            .map(p -> new Value.OfProgram(inventory.idOf((Program) p)));
            case MapOfMaps maps -> maps.map(key).map(m -> new Value.OfMap(inventory.idOf(m)));
            case PercpuMap _ -> map.lookup(key).map(this::perCpu);
            default -> map.lookup(key).map(Value.Bytes::new);
        };
    }

    private Value perCpu(byte[] all) {
        int stride = (map.valueSize() + 7) & ~7;
        List<byte[]> values = new ArrayList<>();
        for (int at = 0; at < all.length; at += stride) {
            values.add(Arrays.copyOfRange(all, at, at + map.valueSize()));
        }
        return new Value.PerCpu(values);
    }

    private static Value describe(Sock socket) {
        var addresses = socket.addresses();
        return new Value.Socket(
                socket.cookie(),
                socket.kind().name().toLowerCase(Locale.ROOT),
                Addresses.print(addresses.local()),
                addresses.remote() == null ? "" : Addresses.print(addresses.remote()),
                socket.state().name(),
                socket.programs().describe());
    }

    @Override
    public void update(byte[] key, Value value, UpdateFlag flag) {
        switch (map) {
            case UserSocketMap sockets ->
                    sockets.update(key, inventory.socket(cookie(value)), flag);
            case ProgArrayMap<?> programs -> put(programs, key, value, flag);
            case MapOfMaps maps -> maps.update(key, innerMap(value), flag);
            default -> map.update(key, bytes(value), flag);
        }
    }

    private void put(ProgArrayMap<?> map, byte[] key, Value value, UpdateFlag flag) {
        // Linux takes no other flag for a map of programs.
        if (flag != UpdateFlag.ANY) {
            throw new BpfException(
                    Errno.EINVAL, "map %s takes an update by \"any\" only".formatted(map));
        }
        if (!(value instanceof Value.OfProgram(int id))) {
            throw unfit("a program: value id N, or value name NAME");
        }
        @SuppressWarnings("unchecked")
        var programs = (ProgArrayMap<Program>) map;
        programs.set(IndexKey.indexOf(key), inventory.program(id));
    }

    private BpfMap innerMap(Value value) {
        if (value instanceof Value.OfMap(int id)) return inventory.map(id);
        throw unfit("a map: value id N, or value name NAME");
    }

    private long cookie(Value value) {
        var bytes = ByteBuffer.wrap(oneValue(value)).order(ByteOrder.LITTLE_ENDIAN);
        return bytes.capacity() == Long.BYTES
                ? bytes.getLong()
                : Integer.toUnsignedLong(bytes.getInt());
    }

    private byte[] bytes(Value value) {
        var one = oneValue(value);
        if (!(map instanceof PercpuMap)) return one;
        var all = new byte[map.userValueSize()];
        int stride = (one.length + 7) & ~7;
        for (int at = 0; at < all.length; at += stride) {
            System.arraycopy(one, 0, all, at, one.length);
        }
        return all;
    }

    private byte[] oneValue(Value value) {
        if (value instanceof Value.Bytes(byte[] bytes) && bytes.length == map.valueSize()) {
            return bytes;
        }
        throw unfit("a value of %d bytes".formatted(map.valueSize()));
    }

    private BpfException unfit(String expected) {
        return new BpfException(Errno.EINVAL, "map %s takes %s".formatted(map, expected));
    }

    @Override
    public void delete(byte[] key) {
        map.delete(key);
    }
}
