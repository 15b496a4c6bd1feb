package io.jsockmap.kernel;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.load.KernelMaps;
import io.jsockmap.kernel.load.ProgramLoad;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program in the running kernel, to be run on bytes that the caller gives (BPF_PROG_TEST_RUN). It
 * has maps of its own, like the program's, and is attached to nothing. The kernel runs some types
 * of programs so, among them sched_cls, xdp and socket_filter; not sk_msg and sk_skb.
 *
 * <p>Not thread-safe.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="run"}
 */
public final class KernelRun implements AutoCloseable {
    private static final Path JIT = Path.of("/proc/sys/net/core/bpf_jit_enable");
    private static final int SIZE = 80;

    private final Program program;
    private final KernelMaps maps;
    private final Descriptor loaded;

    private KernelRun(Program program, KernelMaps maps, Descriptor loaded) {
        this.program = program;
        this.maps = maps;
        this.loaded = loaded;
    }

    /**
     * How runs ended.
     *
     * @param value what the last one returned
     * @param nanoseconds what one took on average, as the kernel measured it
     */
    public record Result(int value, int nanoseconds) {}

    /**
     * Whether the kernel translates programs to machine code; empty if it does not tell, as where
     * that is compiled in.
     */
    public static Optional<Boolean> translates() {
        try {
            return Optional.of(!Files.readString(JIT).strip().equals("0"));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /**
     * Loads a program. Its maps are empty, but for arrays that are frozen.
     *
     * @throws BpfException if the kernel refuses the program, a map or its types (BTF)
     * @throws UnsupportedOperationException if there is no bpf(2) on this machine
     */
    public static KernelRun open(Program program) {
        KernelVerifier.requireSystemCall();
        var maps = KernelMaps.like(program.maps());
        try {
            var attempt = new ProgramLoad(program, 0).load(maps::descriptor);
            var reason = KernelAnswer.of(attempt).reason();
            var loaded =
                    Descriptor.of(
                            attempt.answer(),
                            reason.isEmpty()
                                    ? "program %s".formatted(program)
                                    : "program %s: %s".formatted(program, reason));
            return new KernelRun(program, maps, loaded);
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    /**
     * Sets an element of the kernel's map.
     *
     * @param map one of the program's maps, which is not changed itself
     * @throws BpfException if the kernel refuses it
     * @throws IllegalArgumentException for another map, or a key or value of another size
     */
    public void update(BpfMap map, byte[] key, byte[] value) {
        int place = program.maps().indexOf(map);
        if (place < 0) {
            throw new IllegalArgumentException(
                    "%s has no %s (it has: %s)".formatted(program, map, names(program.maps())));
        }
        if (key.length != map.keySize() || value.length != map.userValueSize()) {
            throw new IllegalArgumentException(
                    "a key of %d and a value of %d bytes; %s has %d and %d"
                            .formatted(
                                    key.length,
                                    value.length,
                                    map,
                                    map.keySize(),
                                    map.userValueSize()));
        }
        maps.update(place, key, value, map.name());
    }

    private static String names(List<BpfMap> maps) {
        return maps.isEmpty()
                ? "none"
                : String.join(", ", maps.stream().map(BpfMap::name).toList());
    }

    /**
     * Runs it again and again on the same bytes.
     *
     * @param data the packet: of sched_cls, xdp and socket_filter from its Ethernet header on, so
     *     14 bytes at least, and no more than fit into a page beside what the kernel keeps there
     * @param repeat how often, 1 at least
     * @throws BpfException EINVAL for bytes that are too few or too many, ENOTSUPP for a type that
     *     can't be run so, EINTR if the thread had a signal waiting
     */
    public Result run(byte[] data, int repeat) {
        if (repeat < 1) throw new IllegalArgumentException("repeat is %d".formatted(repeat));
        try (var arena = Arena.ofConfined()) {
            var attributes =
                    new Attributes(arena, SIZE)
                            .u32(0, loaded.number())
                            .u32(8, data.length)
                            .bytes(16, data)
                            .u32(32, repeat);
            var answer = Bpf.call(Bpf.Command.PROG_TEST_RUN, attributes);
            Descriptor.check(answer, refusal(answer, data.length));
            return new Result(attributes.u32(4), attributes.u32(36));
        }
    }

    private String refusal(Bpf.Answer answer, int bytes) {
        var what = "to run %s on %d bytes".formatted(program, bytes);
        if (answer.is(Errno.EINVAL)) {
            return what + "; give it a whole packet, of 14 bytes to about 3,500";
        }
        if (answer.is(Errno.ENOTSUPP)) {
            return what + "; load it as a type that can be run so, such as sched_cls";
        }
        return what;
    }

    /** Gives the program and its maps back to the kernel. */
    @Override
    public void close() {
        loaded.close();
        maps.close();
    }
}
