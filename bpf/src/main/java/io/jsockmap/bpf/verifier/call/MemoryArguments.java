package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.step.Access;
import io.jsockmap.bpf.verifier.step.MemoryBounds;
import io.jsockmap.bpf.verifier.step.StackAccess;
import io.jsockmap.bpf.verifier.step.Walk;

/** Memory that a call reads or writes, and how much of it. */
final class MemoryArguments {
    /** BPF_MAX_VAR_SIZ: no size that is known less well is of use. */
    private static final long MAX_SIZE = 1L << 29;

    private final Walk walk;
    private final MemoryBounds bounds;
    private final StackAccess stack;
    private final NullChecks nullChecks;

    MemoryArguments(Walk walk, MemoryBounds bounds, StackAccess stack, NullChecks nullChecks) {
        this.walk = walk;
        this.bounds = bounds;
        this.stack = stack;
        this.nullChecks = nullChecks;
    }

    /** What is done with the memory: it is read, written over what it held, or just filled. */
    enum Use {
        READ(Access.READ),
        WRITE(Access.WRITE),
        FILL(Access.WRITE);

        final Access access;

        Use(Access access) {
            this.access = access;
        }
    }

    /** So many bytes from where a register points, if it is not null. */
    void memory(int register, long size, boolean orNone, Use use) {
        var reg = walk.state().register(register);
        if (reg instanceof Pointer given) {
            // What a lookup gave may be a map or a socket.
            var pointer = given.nullable() ? nullChecks.notNull(given) : given;
            switch (pointer.kind()) {
                case PACKET -> bounds.packet(register, pointer, pointer.offset(), size, orNone);
                case MAP_KEY -> {
                    refuseWrite(register, pointer, use);
                    region(register, pointer, size, pointer.map().keySize(), orNone);
                }
                case MAP_VALUE -> {
                    long offset = pointer.offset();
                    bounds.mapFlags(register, pointer, offset, size, use.access);
                    bounds.mapValue(register, pointer, offset, size, orNone);
                }
                case MEMORY, RECORD -> {
                    if (pointer.readOnly()) refuseWrite(register, pointer, use);
                    region(register, pointer, size, pointer.memorySize(), orNone);
                }
                case STACK -> onStack(register, pointer, (int) size, orNone, use);
                default -> throw notMemory(register, pointer);
            }
            return;
        }
        if (!orNone || size != 0 || !Words.isNull(reg)) throw notMemory(register, reg);
        walk.markPrecise(register);
    }

    private void region(int register, Pointer pointer, long size, long region, boolean orNone) {
        bounds.region(register, pointer, pointer.offset(), size, region, orNone);
    }

    private void onStack(int register, Pointer pointer, int size, boolean orNone, Use use) {
        if (size == 0 && !orNone) {
            throw walk.refused(
                    Rule.ARGUMENT_SIZE, Errno.EACCES, register, "invalid zero-sized read");
        }
        stack.helper(register, pointer, size, use.access, use == Use.FILL);
    }

    private void refuseWrite(int register, Pointer pointer, Use use) {
        if (use == Use.READ) return;
        throw walk.refused(
                Rule.READ_ONLY_MEMORY,
                Errno.EACCES,
                register,
                "R%d cannot write into %s",
                register,
                pointer.word());
    }

    private RuntimeException notMemory(int register, Reg reg) {
        return walk.refused(
                Rule.ARGUMENT_TYPE,
                Errno.EACCES,
                register,
                "R%d type=%s expected=fp",
                register,
                Words.of(reg));
    }

    /**
     * The register has the size of the memory that the register before it points to.
     *
     * @return the greatest size
     */
    long size(int register, boolean orNone, Use use) {
        var size = (Scalar) walk.state().register(register);
        var range = size.bounds();
        if (range.smin() < 0) {
            throw wrongSize(
                    register, "R%d min value is negative, either use unsigned or 'var &= const'");
        }
        if (range.umin() == 0 && !orNone) {
            throw walk.refused(
                    Rule.ARGUMENT_SIZE,
                    Errno.EACCES,
                    register,
                    "R%d invalid zero-sized read: u64=[%d,%s]",
                    register,
                    range.umin(),
                    Long.toUnsignedString(range.umax()));
        }
        if (Long.compareUnsigned(range.umax(), MAX_SIZE) >= 0) {
            throw wrongSize(
                    register,
                    "R%d unbounded memory access, use 'var &= const' or 'if (var < const)'");
        }
        // Of memory that is filled in part the rest must have been there before.
        var done = use == Use.FILL && !size.isConstant() ? Use.WRITE : use;
        memory(register - 1, range.umax(), orNone, done);
        walk.markPrecise(register);
        return range.umax();
    }

    private RuntimeException wrongSize(int register, String format) {
        return walk.refused(Rule.ARGUMENT_SIZE, Errno.EACCES, register, format, register);
    }

    /** Eight bytes to fill, at a multiple of eight. */
    void aligned(int register) {
        memory(register, Slot.BYTES, false, Use.FILL);
        var pointer = (Pointer) walk.state().register(register);
        var at = pointer.variable().bits();
        long low = at.value() + pointer.offset();
        if ((at.mask() & Slot.BYTES - 1) == 0 && low % Slot.BYTES == 0) return;
        var what =
                switch (pointer.kind()) {
                    case STACK -> "stack ";
                    case MAP_VALUE -> "value ";
                    case MAP_KEY -> "key ";
                    default -> "";
                };
        if (pointer.is(PointerKind.PACKET)) {
            throw walk.refused(
                    Rule.STACK_ALIGNMENT,
                    Errno.EACCES,
                    register,
                    "misaligned packet access off 0+%s+%d+0 size 8",
                    at,
                    pointer.offset());
        }
        throw walk.refused(
                Rule.STACK_ALIGNMENT,
                Errno.EACCES,
                register,
                "misaligned %saccess off %s+%d+0 size 8",
                what,
                at,
                pointer.offset());
    }
}
