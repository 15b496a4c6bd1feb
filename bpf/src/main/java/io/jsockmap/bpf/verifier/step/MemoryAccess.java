package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ProgramType.PacketAccess;
import io.jsockmap.bpf.verifier.domain.Tnum;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;

import java.util.Optional;

/** Loads, stores and atomic operations, by the kind of memory. */
public final class MemoryAccess {
    private final Walk walk;
    private final MemoryBounds bounds;
    private final StackAccess stack;

    public MemoryAccess(Walk walk, MemoryBounds bounds, StackAccess stack) {
        this.walk = walk;
        this.bounds = bounds;
        this.stack = stack;
    }

    /** {@code dst = *(size *)(src + offset)}. */
    public void load(Instruction i, Load load) {
        walk.checkWritable(i.dst());
        var pointer = pointer(i.src());
        walk.accesses(pointer);
        var value = load(i.src(), pointer, i.offset(), load.size(), load.signed(), false);
        walk.write(i.dst(), value);
    }

    /** {@code *(size *)(dst + offset) = operand}. */
    public void store(Instruction i, Store store) {
        boolean register = store.source() == Source.REGISTER;
        var value = register ? walk.readable(i.src()) : Scalar.of(i.immediate());
        var pointer = pointer(i.dst());
        walk.accesses(pointer);
        store(i.dst(), pointer, i.offset(), store.size(), value, register ? i.src() : -1, false);
    }

    /** Read, change and write in one step. */
    public void atomic(Instruction i, Atomic atomic) {
        switch (atomic.op()) {
            case LOAD_ACQUIRE -> {
                checkNumberAlignment(i.src(), i.offset(), atomic.size());
                var pointer = atomicPointer(i.src(), "loads from");
                walk.checkWritable(i.dst());
                walk.write(i.dst(), load(i.src(), pointer, i.offset(), atomic.size(), false, true));
            }
            case STORE_RELEASE -> {
                var value = walk.readable(i.src());
                checkNumberAlignment(i.dst(), i.offset(), atomic.size());
                store(i.dst(), pointer(i.dst()), i.offset(), atomic.size(), value, i.src(), true);
                atomicPointer(i.dst(), "stores into");
            }
            default -> exchange(i, atomic);
        }
    }

    private void exchange(Instruction i, Atomic atomic) {
        walk.refuseLeak(i.src(), walk.readable(i.src()), "R%d leaks addr into mem");
        if (atomic.op() == AtomicOp.CMPXCHG) {
            walk.refuseLeak(0, walk.readable(0), "R%d leaks addr into mem");
        }
        var pointer = atomicPointer(i.dst(), "stores into");
        var old = load(i.dst(), pointer, i.offset(), atomic.size(), false, true);
        walk.refuseLeak(i.dst(), old, "R%d leaks addr into mem");
        store(i.dst(), pointer, i.offset(), atomic.size(), Scalar.unknown(), -1, true);
        if (atomic.op() == AtomicOp.CMPXCHG) {
            walk.write(0, old);
        } else if (atomic.op().fetches()) {
            walk.write(i.src(), old);
        }
    }

    private Pointer atomicPointer(int register, String doing) {
        var pointer = pointer(register);
        boolean forbidden =
                switch (pointer.kind()) {
                    case CONTEXT, PACKET, STRUCTURE -> true;
                    default -> false;
                };
        if (!forbidden) return pointer;
        throw walk.refused(
                Rule.ATOMIC_ACCESS,
                Errno.EACCES,
                register,
                "BPF_ATOMIC %s R%d %s is not allowed",
                doing,
                register,
                pointer.word());
    }

    /** What a load or store goes through. */
    private Pointer pointer(int register) {
        var reg = walk.readable(register);
        if (reg instanceof Pointer pointer && !pointer.nullable()) return pointer;
        throw invalid(register, reg);
    }

    private Refused invalid(int register, Reg reg) {
        return walk.refused(
                reg instanceof Pointer pointer && pointer.nullable()
                        ? Rule.NULL_POINTER
                        : Rule.NOT_A_POINTER,
                Errno.EACCES,
                register,
                "R%d invalid mem access '%s'",
                register,
                Walk.word(reg));
    }

    // --- Loads -----------------------------------------------------------------------------------

    private Reg load(
            int register, Pointer pointer, int step, int size, boolean signed, boolean strict) {
        checkAlignment(pointer, step, size, strict);
        int offset = pointer.offset() + step;
        var loaded =
                switch (pointer.kind()) {
                    case STACK -> stack.load(register, pointer, offset, size);
                    case CONTEXT -> context(register, pointer, offset, size, signed);
                    case PACKET -> {
                        bounds.packet(register, pointer, offset, size, false);
                        yield Scalar.unknown();
                    }
                    case MAP_VALUE -> mapValue(register, pointer, offset, size);
                    case MAP_KEY -> {
                        bounds.region(
                                register, pointer, offset, size, pointer.map().keySize(), false);
                        yield Scalar.unknown();
                    }
                    case MEMORY, RECORD -> {
                        bounds.region(register, pointer, offset, size, pointer.memorySize(), false);
                        yield Scalar.unknown();
                    }
                    case STRUCTURE -> structure(register, pointer, offset, size);
                    case PACKET_END, MAP, FUNCTION, DYNPTR -> throw invalid(register, pointer);
                };
        return cut(loaded, size, signed);
    }

    private static Reg cut(Reg loaded, int size, boolean signed) {
        if (size == Long.BYTES || !(loaded instanceof Scalar scalar)) return loaded;
        var known = scalar.bounds();
        boolean same = !signed && StackAccess.width(scalar) <= size * Byte.SIZE;
        if (same) return scalar;
        var cut = signed ? known.signExtend(size * Byte.SIZE, 64) : known.truncate(size);
        return Scalar.from(cut, scalar);
    }

    private Reg context(int register, Pointer pointer, int offset, int size, boolean signed) {
        bounds.unmoved(register, pointer, false);
        var layout = walk.program().type().context();
        var field = field(layout, offset).filter(f -> f.mayLoad(offset, size));
        boolean cut =
                signed && field.isPresent() && !(field.get().content() instanceof Content.Scalar);
        if (field.isEmpty() || cut) throw invalidContext(offset, size);
        return content(field.get().content());
    }

    private static Optional<ContextField<?>> field(ContextLayout<?> layout, int offset) {
        return layout.field(offset).map(f -> f);
    }

    private Reg content(Content content) {
        return switch (content) {
            case Content.Scalar _ -> Scalar.unknown();
            case Content.PacketStart _ -> Pointer.to(PointerKind.PACKET);
            case Content.PacketEnd _ -> Pointer.to(PointerKind.PACKET_END);
            case Content.Pointer(var structure, boolean maybeNull) -> {
                var pointer = Pointer.to(structure);
                yield maybeNull ? pointer.orNull(walk.newId()) : pointer;
            }
        };
    }

    private Refused invalidContext(int offset, int size) {
        return walk.refused(
                Rule.CONTEXT_ACCESS,
                Errno.EACCES,
                "invalid bpf_context access off=%d size=%d",
                offset,
                size);
    }

    private Reg structure(int register, Pointer pointer, int offset, int size) {
        if (pointer.structure().internal()) throw invalid(register, pointer);
        if (pointer.variable().smin() < 0) throw bounds.negative(register);
        var field = field(pointer.structure().layout(), offset);
        if (field.isPresent() && field.get().mayLoad(offset, size)) return Scalar.unknown();
        throw walk.refused(
                Rule.STRUCTURE_ACCESS,
                Errno.EACCES,
                register,
                "R%d invalid %s access off=%d size=%d",
                register,
                pointer.word(),
                offset,
                size);
    }

    private Reg mapValue(int register, Pointer pointer, int offset, int size) {
        bounds.mapFlags(register, pointer, offset, size, Access.READ);
        bounds.mapValue(register, pointer, offset, size, false);
        if (!pointer.isFixed()) return Scalar.unknown();
        int at = (int) (offset + pointer.variable().constant());
        return FrozenValues.read(pointer.map(), at, size)
                .<Reg>map(Scalar::of)
                .orElseGet(Scalar::unknown);
    }

    // --- Stores ----------------------------------------------------------------------------------

    private void store(
            int register,
            Pointer pointer,
            int step,
            int size,
            Reg value,
            int source,
            boolean strict) {
        checkAlignment(pointer, step, size, strict);
        int offset = pointer.offset() + step;
        if (!pointer.is(PointerKind.STACK)) checkLeak(source, value, pointer);
        switch (pointer.kind()) {
            case STACK -> stack.store(register, pointer, offset, size, value, source);
            case CONTEXT -> storeToContext(register, pointer, offset, size);
            case PACKET -> {
                if (walk.program().type().packetAccess() == PacketAccess.READ) {
                    throw walk.refused(
                            Rule.PACKET_WRITE, Errno.EACCES, register, "cannot write into packet");
                }
                bounds.packet(register, pointer, offset, size, false);
            }
            case MAP_VALUE -> {
                bounds.mapFlags(register, pointer, offset, size, Access.WRITE);
                bounds.mapValue(register, pointer, offset, size, false);
            }
            case MEMORY, RECORD -> {
                if (pointer.readOnly()) throw readOnly(register, pointer);
                bounds.region(register, pointer, offset, size, pointer.memorySize(), false);
            }
            case MAP_KEY ->
                    throw walk.refused(
                            Rule.READ_ONLY_MEMORY,
                            Errno.EACCES,
                            register,
                            "write to change key R%d not allowed",
                            register);
            case STRUCTURE -> throw readOnly(register, pointer);
            case PACKET_END, MAP, FUNCTION, DYNPTR -> throw invalid(register, pointer);
        }
    }

    private void checkLeak(int source, Reg value, Pointer pointer) {
        if (!walk.wouldLeak(value)) return;
        var into =
                switch (pointer.kind()) {
                    case CONTEXT -> "ctx";
                    case PACKET -> "packet";
                    case MAP_VALUE -> "map";
                    default -> "mem";
                };
        throw walk.refused(
                Rule.POINTER_LEAK, Errno.EACCES, source, "R%d leaks addr into %s", source, into);
    }

    private Refused readOnly(int register, Pointer pointer) {
        return walk.refused(
                Rule.READ_ONLY_MEMORY,
                Errno.EACCES,
                register,
                "R%d cannot write into %s",
                register,
                pointer.word());
    }

    private void storeToContext(int register, Pointer pointer, int offset, int size) {
        bounds.unmoved(register, pointer, false);
        ContextLayout<?> layout = walk.program().type().context();
        Optional<ContextField<?>> field = field(layout, offset);
        if (field.isEmpty() || !field.get().mayStore(offset, size)) {
            throw invalidContext(offset, size);
        }
    }

    // --- Alignment -------------------------------------------------------------------------------

    /** Stacks are accessed aligned; everything is by atomic operations. */
    private void checkAlignment(Pointer pointer, int step, int size, boolean strict) {
        boolean ofStack = pointer.is(PointerKind.STACK);
        if (!strict && !ofStack) return;
        var what =
                switch (pointer.kind()) {
                    case STACK -> "stack ";
                    case MAP_VALUE -> "value ";
                    case MAP_KEY -> "key ";
                    case CONTEXT -> "context ";
                    default -> "";
                };
        var rule = ofStack ? Rule.STACK_ALIGNMENT : Rule.ATOMIC_ACCESS;
        checkAlignment(rule, what, pointer.variable().bits(), pointer.offset(), step, size);
    }

    /** Linux looks at the alignment of an address even where it is a number and no pointer. */
    private void checkNumberAlignment(int register, int step, int size) {
        if (!(walk.readable(register) instanceof Scalar number)) return;
        checkAlignment(Rule.ATOMIC_ACCESS, "", number.bounds().bits(), 0, step, size);
    }

    private void checkAlignment(Rule rule, String what, Tnum bits, int offset, int step, int size) {
        if (size == 1 || bits.add(Tnum.constant((long) offset + step)).isAligned(size)) return;
        throw walk.refused(
                rule,
                Errno.EACCES,
                "misaligned %saccess off %s+%d+%d size %d",
                what,
                bits,
                offset,
                step,
                size);
    }
}
