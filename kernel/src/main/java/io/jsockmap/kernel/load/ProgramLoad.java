package io.jsockmap.kernel.load;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.Section;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/** Loads one program. */
public final class ProgramLoad {
    private static final int SIZE = 144;
    private static final int EXPECTED_ATTACH_TYPE = 68;
    private static final int LOG_TRUE_SIZE = 140;

    /** BPF_LOG_STATS: the counters at the end. */
    private static final int COUNTERS = 4;

    private static final int FIRST_LOG = 1 << 16;
    private static final int MAX_LOG = 1 << 29;

    /** The kernel gives up when the thread has a signal waiting; so does libbpf after 5 times. */
    private static final int MAX_INTERRUPTIONS = 5;

    private final Program program;
    private final int logLevel;

    /**
     * @param logLevel as in bpf(2): 0 only says why, 1 and 2 show instructions
     */
    public ProgramLoad(Program program, int logLevel) {
        this.program = program;
        this.logLevel = logLevel;
    }

    /** What the kernel says of it with maps like its own; the program is closed at once. */
    public Attempt tryOnce() {
        try (var maps = KernelMaps.like(program.maps())) {
            var attempt = load(maps::descriptor);
            if (attempt.answer.isSuccess()) new Descriptor(attempt.answer.value()).close();
            return attempt;
        }
    }

    /**
     * Loads it.
     *
     * @param maps the descriptors of its maps by their places
     */
    public Attempt load(IntUnaryOperator maps) {
        var types = ProgramTypes.of(program);
        if (types.isEmpty()) return load(maps, Optional.empty(), 0);
        try (var loaded = types.get().load()) {
            return load(maps, types, loaded.number());
        }
    }

    private Attempt load(IntUnaryOperator maps, Optional<ProgramTypes> types, int descriptor) {
        int logSize = FIRST_LOG;
        for (int interruptions = 0; ; ) {
            var attempt = attempt(maps, types, descriptor, logSize);
            if (attempt.answer.is(Errno.EAGAIN) && interruptions++ < MAX_INTERRUPTIONS) continue;
            if (!attempt.answer.is(Errno.ENOSPC) || logSize == MAX_LOG) return attempt;
            logSize = larger(logSize, attempt.wantedLog);
        }
    }

    /**
     * One system call; a program that it gave is open.
     *
     * @param wantedLog bytes that the whole log has, or 0 if the kernel does not tell
     */
    public record Attempt(Bpf.Answer answer, String log, int wantedLog, long nanoseconds) {}

    private Attempt attempt(
            IntUnaryOperator maps, Optional<ProgramTypes> types, int descriptor, int logSize) {
        try (var arena = Arena.ofConfined()) {
            var log = arena.allocate(logSize);
            var attributes = attributes(arena, maps, log);
            types.ifPresent(
                    t ->
                            attributes
                                    .u32(72, descriptor)
                                    .u32(76, ProgramTypes.RECORD)
                                    .bytes(80, t.records())
                                    .u32(88, t.functions().size()));
            long start = System.nanoTime();
            var answer = Bpf.call(Bpf.Command.PROG_LOAD, attributes);
            long nanoseconds = System.nanoTime() - start;
            int wanted = attributes.u32(LOG_TRUE_SIZE);
            return new Attempt(answer, log.getString(0), wanted, nanoseconds);
        }
    }

    /** As much as the kernel said it had to write (since Linux 6.4), or four times as much. */
    private static int larger(int size, int wanted) {
        return wanted > size ? Math.min(MAX_LOG, wanted + 1) : Math.min(MAX_LOG, size * 4);
    }

    private Attributes attributes(Arena arena, IntUnaryOperator maps, MemorySegment log) {
        return new Attributes(arena, SIZE)
                .u32(0, program.type().number())
                .u32(4, program.code().size())
                .bytes(8, encode(maps))
                .text(16, program.debug().license())
                .u32(24, logLevel | COUNTERS)
                .u32(28, (int) log.byteSize())
                .pointer(32, log)
                .name(48, program.name())
                .u32(EXPECTED_ATTACH_TYPE, expectedAttachType());
    }

    private int expectedAttachType() {
        return Section.expectedAttachType(program).map(AttachType::number).orElse(0);
    }

    /** The instructions, with the kernel's numbers for maps and functions of the kernel. */
    private byte[] encode(IntUnaryOperator maps) {
        var bytes = program.code().encode();
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int slot = 0; slot < program.code().size(); slot++) {
            var instruction = program.slot(slot);
            if (instruction == null) continue;
            var immediate = immediate(instruction, maps);
            if (immediate.isPresent()) {
                buffer.putInt(slot * Code.SLOT + Integer.BYTES, immediate.getAsInt());
            }
        }
        return bytes;
    }

    private OptionalInt immediate(Instruction instruction, IntUnaryOperator maps) {
        return switch (instruction.operation()) {
            case LoadImmediate(ImmediateKind kind)
                    when kind == ImmediateKind.MAP || kind == ImmediateKind.MAP_VALUE ->
                    OptionalInt.of(maps.applyAsInt((int) instruction.immediate()));
            case Call(Callee callee) when callee == Callee.KFUNC ->
                    OptionalInt.of(kernelFunction(instruction.immediate()));
            default -> OptionalInt.empty();
        };
    }

    /** A weak function that is missing stays 0, which the kernel allows where it is dead code. */
    private int kernelFunction(long place) {
        return program.type().kfunc(place).map(Kfunc::name).map(KernelFunctions::number).orElse(0);
    }
}
