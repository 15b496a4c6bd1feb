package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * BPF_MAP_TYPE_PROG_ARRAY: the programs that {@code bpf_tail_call} jumps to. All of them, and all
 * that jump to them, are of one type: that of the first that was put in or that refers to the map.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="tailcalls"}
 *
 * @param <P> what a program is; this package does not look into it
 */
public final class ProgArrayMap<P extends JumpTarget> extends BpfMap implements ProgramArray<P> {
    private final AtomicReferenceArray<P> programs;
    private final AtomicReference<String> type = new AtomicReference<>();

    public ProgArrayMap(MapDefinition definition) {
        super(definition);
        checkFlags(NUMA_NODE | RDONLY | WRONLY);
        ObjectArray.checkSizes(this);
        ArrayMap.takeRoom(definition, new MapMemory(this), Long.BYTES);
        programs = new AtomicReferenceArray<>((int) maxEntries());
    }

    /** The program at an index, or null. */
    public P program(long index) {
        return index >= 0 && index < programs.length() ? programs.get((int) index) : null;
    }

    /** The type of the programs, once something has fixed it. */
    public Optional<String> programType() {
        return Optional.ofNullable(type.get());
    }

    @Override
    public void set(long index, P program) {
        write(
                () -> {
                    if (index < 0 || index >= programs.length()) throw tooLarge(index);
                    if (program != null) admit(program);
                    programs.set((int) index, program);
                });
    }

    @Override
    public void admit(JumpTarget program) {
        type.compareAndSet(null, program.typeName());
        if (type.get().equals(program.typeName())) return;
        throw failure(
                Errno.EINVAL,
                "a program of type %s; the map is for programs of type %s"
                        .formatted(program.typeName(), type.get()));
    }

    private MapException tooLarge(long index) {
        return failure(Errno.E2BIG, "index %d of %d".formatted(index, programs.length()));
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return null;
    }

    /** The program's id. */
    @Override
    protected Optional<byte[]> find(byte[] key) {
        return Optional.ofNullable(program(IndexKey.indexOf(key)))
                .map(program -> ObjectArray.idOf(program.id()));
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        throw failure(Errno.EBADF, "its values are programs: use set(index, program)");
    }

    @Override
    protected void remove(byte[] key) {
        long index = IndexKey.indexOf(key);
        if (index >= programs.length()) throw tooLarge(index);
        if (programs.getAndSet((int) index, null) == null) throw missing(key);
    }

    @Override
    protected void removeFromProgram(byte[] key) {
        throw failure(Errno.EINVAL, "programs can't take out its programs");
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        return IndexKey.following(key, maxEntries());
    }
}
