package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.MapUse;
import io.jsockmap.bpf.program.ProgramType.PacketAccess;
import io.jsockmap.bpf.verifier.call.MemoryArguments.Use;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Dynptr;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.step.MemoryBounds;
import io.jsockmap.bpf.verifier.step.Walk;

/** Whether registers hold what a helper asks for. */
final class Arguments {
    private final Walk walk;
    private final MemoryBounds bounds;
    private final MemoryArguments memory;
    private final MapArguments maps;
    private final Dynptrs dynptrs;
    private final Locks locks;

    Arguments(
            Walk walk,
            MemoryBounds bounds,
            MemoryArguments memory,
            MapArguments maps,
            Dynptrs dynptrs,
            Locks locks) {
        this.walk = walk;
        this.bounds = bounds;
        this.memory = memory;
        this.maps = maps;
        this.dynptrs = dynptrs;
        this.locks = locks;
    }

    /** All of a helper's arguments, from R1 on. */
    void check(Helper helper, CallFacts facts) {
        for (int i = 0; i < helper.arguments().size(); i++) {
            check(helper, facts, i + 1, helper.arguments().get(i));
        }
    }

    private void check(Helper helper, CallFacts facts, int register, Argument asked) {
        var reg = walk.readable(register);
        if (asked == Argument.NUMBER || asked == Argument.ANYTHING) {
            checkLeak(register, reg);
            return;
        }
        checkPacket(helper, reg);
        var argument = ofMap(helper, facts, register, asked);
        boolean none = Expected.mayBeNull(argument) && Words.isNull(reg);
        if (none) walk.markPrecise(register);
        else checkType(helper, register, argument, reg);
        checkReleased(helper, facts, register, argument, reg);
        if (reg instanceof Pointer pointer && pointer.reference() != 0) {
            facts.reference = pointer.reference();
        }
        act(helper, facts, register, argument, none);
    }

    private void checkLeak(int register, Reg reg) {
        if (walk.mayLeakPointers() || !(reg instanceof Pointer)) return;
        throw walk.refused(
                Rule.POINTER_LEAK,
                Errno.EACCES,
                register,
                "R%d leaks addr into helper function",
                register);
    }

    private void checkPacket(Helper helper, Reg reg) {
        boolean packet = reg instanceof Pointer pointer && pointer.is(PointerKind.PACKET);
        boolean may =
                helper.has(CallTrait.PACKET_ARGUMENTS)
                        && walk.program().type().packetAccess() == PacketAccess.WRITE;
        if (!packet || may) return;
        throw walk.refused(
                Rule.ARGUMENT_TYPE, Errno.EACCES, "helper access to the packet is not allowed");
    }

    /** What is asked for where the map is of that kind. */
    private Argument ofMap(Helper helper, CallFacts facts, int register, Argument asked) {
        if (facts.map == null) return asked;
        return MapUse.argument(facts.mapType(), helper.number(), asked)
                .orElseThrow(
                        () ->
                                walk.refused(
                                        Rule.MAP_KIND,
                                        Errno.EACCES,
                                        register,
                                        "invalid arg_type for sockmap/sockhash"));
    }

    private void checkType(Helper helper, int register, Argument argument, Reg reg) {
        if (!Expected.fits(argument, reg)) {
            throw walk.refused(
                    Rule.ARGUMENT_TYPE,
                    Errno.EACCES,
                    register,
                    "R%d type=%s expected=%s",
                    register,
                    Words.of(reg),
                    argument.expected().orElseThrow());
        }
        if (!(reg instanceof Pointer pointer)) return;
        boolean released = isReleased(helper, argument);
        if (released && pointer.is(PointerKind.STACK)) return;
        if (released && pointer.offset() != 0) throw moved(register);
        checkPlace(register, pointer, released);
        if (argument == Argument.SOCKET) checkSocket(register, pointer);
    }

    /** Pointers to what has no inside must stand at its start. */
    void checkPlace(int register, Pointer pointer, boolean strict) {
        boolean free =
                switch (pointer.kind()) {
                    case STACK, PACKET, MAP_KEY, MAP_VALUE, MEMORY, RECORD -> !pointer.nullable();
                    default -> false;
                };
        if (free && !strict) return;
        boolean internal = pointer.is(PointerKind.STRUCTURE) && pointer.structure().internal();
        bounds.unmoved(register, pointer, internal && !strict);
    }

    /** One of the kernel's own structures may be another than a socket, or be meant in part. */
    private void checkSocket(int register, Pointer pointer) {
        var structure = pointer.structure();
        if (structure.socket() && pointer.offset() == 0) return;
        throw walk.refused(
                Rule.ARGUMENT_TYPE,
                Errno.EACCES,
                register,
                "R%d is of type %s but sock_common is expected",
                register,
                structure.type());
    }

    private Refused moved(int register) {
        return walk.refused(
                Rule.ARGUMENT_TYPE,
                Errno.EINVAL,
                register,
                "R%d must have zero offset when passed to release func or trusted arg to kfunc",
                register);
    }

    private static boolean isReleased(Helper helper, Argument argument) {
        if (!helper.has(CallTrait.RELEASES)) return false;
        return switch (argument) {
            case SOCKET, SOCKET_FOR_PROGRAMS, RECORD, DYNPTR_OF_RECORD -> true;
            default -> false;
        };
    }

    private void checkReleased(
            Helper helper, CallFacts facts, int register, Argument argument, Reg reg) {
        if (!isReleased(helper, argument)) return;
        facts.released = register;
        if (argument == Argument.DYNPTR_OF_RECORD) {
            dynptrs.checkHeld(register);
        } else if (reg instanceof Pointer pointer && pointer.reference() == 0) {
            throw walk.refused(
                    Rule.UNKNOWN_REFERENCE,
                    Errno.EINVAL,
                    register,
                    "R%d must be referenced when passed to release function",
                    register);
        }
    }

    private void act(
            Helper helper, CallFacts facts, int register, Argument argument, boolean none) {
        switch (argument) {
            case MAP -> maps.map(facts, pointer(register));
            case KEY -> maps.key(facts, register);
            case VALUE, VALUE_OR_NULL -> {
                if (!none) memory.memory(register, facts.map.valueSize(), false, Use.READ);
            }
            case VALUE_TO_FILL -> memory.memory(register, facts.map.valueSize(), false, Use.FILL);
            case SIZE, SIZE_OR_ZERO -> {
                var before = helper.arguments().get(register - 2);
                boolean orNone = argument == Argument.SIZE_OR_ZERO;
                facts.greatestSize = memory.size(register, orNone, use(before));
            }
            case MEMORY_SIZE -> facts.memorySize = constant(register);
            case TEXT -> maps.text(register);
            case LONG -> memory.aligned(register);
            case LOCK -> {
                if (helper.has(CallTrait.LOCKS)) locks.lock(register);
                else locks.unlock(register);
            }
            case TIMER -> locks.timer(facts, register);
            case DYNPTR -> facts.dynptr = dynptrs.read(register);
            case DYNPTR_TO_FILL -> dynptrs.fill(register, Dynptr.Kind.LOCAL, 0);
            case DYNPTR_OF_RECORD_TO_FILL -> dynptrs.fill(register, Dynptr.Kind.RECORD, 0);
            case DYNPTR_OF_RECORD -> ofRecord(facts, register);
            case FUNCTION -> facts.function = pointer(register).functionStart();
            default -> {}
        }
    }

    private Pointer pointer(int register) {
        return (Pointer) walk.state().register(register);
    }

    static Use use(Argument memory) {
        return switch (memory) {
            case WRITABLE, WRITABLE_OR_NULL, WRITABLE_VALUE -> Use.FILL;
            default -> Use.READ;
        };
    }

    private int constant(int register) {
        var number = (Scalar) walk.state().register(register);
        if (!number.isConstant()) {
            throw walk.refused(
                    Rule.ARGUMENT_CONSTANT,
                    Errno.EACCES,
                    register,
                    "R%d is not a known constant'",
                    register);
        }
        walk.markPrecise(register);
        return (int) number.bounds().constant();
    }

    private void ofRecord(CallFacts facts, int register) {
        facts.dynptr = dynptrs.read(register);
        facts.givesBackDynptr = true;
        if (facts.dynptr.kind() == Dynptr.Kind.RECORD) return;
        throw walk.refused(
                Rule.DYNPTR,
                Errno.EINVAL,
                register,
                "Expected a dynptr of type ringbuf as arg #%d",
                register - 1);
    }
}
