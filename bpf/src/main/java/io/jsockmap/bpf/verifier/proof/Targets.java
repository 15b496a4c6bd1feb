package io.jsockmap.bpf.verifier.proof;

import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Target;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.State;

/**
 * Where pointers point to.
 *
 * <p>A path that ends at a known state adds nothing to what was seen from there: of registers that
 * are used states stand for each other only if they have the same kind of pointer, target and
 * frame, and the same constant offset; of stacks, contexts and structures the variable one too.
 */
final class Targets {
    private Targets() {}

    /**
     * Where a register points to that many bytes further.
     *
     * @param state that of the function that has the register
     */
    static Target of(Reg reg, int step, State state) {
        if (!(reg instanceof Pointer pointer) || pointer.nullable()) return Target.ANY;
        return switch (pointer.kind()) {
            case STACK -> stack(pointer, step, state);
            case CONTEXT ->
                    pointer.isFixed() ? new Target.Context(offset(pointer, step)) : Target.ANY;
            case STRUCTURE -> structure(pointer, step);
            case PACKET -> Target.PACKET;
            case MAP_KEY, MAP_VALUE, RECORD -> Target.PLAIN;
            case MEMORY -> isOfCaller(state) ? Target.ANY : Target.PLAIN;
            case MAP, FUNCTION, PACKET_END, DYNPTR -> Target.ANY;
        };
    }

    /**
     * Whether a target is that of the register too, so that nothing has to be joined; false where
     * that takes longer to find out.
     */
    @SuppressWarnings("ReferenceEquality") // whether it is another is found out by joining
    static boolean isSame(Target target, Reg reg, int step, State state) {
        if (!(reg instanceof Pointer pointer) || pointer.nullable()) return target == Target.ANY;
        return switch (pointer.kind()) {
            case STACK ->
                    target instanceof Target.Stack here
                            && isOwn(pointer, state)
                            && pointer.isFixed()
                            && here.offset() == offset(pointer, step);
            case CONTEXT ->
                    target instanceof Target.Context here
                            && pointer.isFixed()
                            && here.offset() == offset(pointer, step);
            case STRUCTURE ->
                    target instanceof Target.Structure here
                            && here.structure() == pointer.target()
                            && pointer.isFixed()
                            && here.offset() == offset(pointer, step);
            case PACKET -> target == Target.PACKET;
            case MAP_KEY, MAP_VALUE, RECORD -> target == Target.PLAIN;
            case MAP, FUNCTION, PACKET_END, DYNPTR -> target == Target.ANY;
            case MEMORY -> false;
        };
    }

    private static Target stack(Pointer pointer, int step, State state) {
        if (!isOwn(pointer, state)) return Target.PLAIN;
        if (!pointer.isFixed()) return Target.FRAME;
        int offset = offset(pointer, step);
        boolean inside = offset >= -MachineLimits.STACK && offset <= 0;
        return inside ? new Target.Stack(offset) : Target.ANY;
    }

    /** Whether it points to the frame of the function that is running. */
    static boolean isOwn(Pointer pointer, State state) {
        return pointer.is(PointerKind.STACK) && pointer.frame() == state.depth() - 1;
    }

    /** One of the kernel's own may be null for all that is known. */
    private static Target structure(Pointer pointer, int step) {
        if (pointer.structure().internal() || !pointer.isFixed()) return Target.ANY;
        return new Target.Structure(pointer.structure(), offset(pointer, step));
    }

    /** A global function is verified by itself, and a caller may give it a part of the packet. */
    private static boolean isOfCaller(State state) {
        var first = state.frame(0);
        return first.function() != 0 && first.call() == Frame.Call.PLAIN;
    }

    private static int offset(Pointer pointer, int step) {
        return pointer.offset() + (int) pointer.variable().constant() + step;
    }

    /** Where it is if it is one or the other; null is neither yet. */
    static Target join(Target a, Target b) {
        if (a == null || a.equals(b)) return b;
        if (isOfFrame(a) && isOfFrame(b)) return Target.FRAME;
        return isBytes(a) && isBytes(b) ? Target.PLAIN : Target.ANY;
    }

    private static boolean isBytes(Target target) {
        return target instanceof Target.Plain || isOfFrame(target);
    }

    private static boolean isOfFrame(Target target) {
        return target instanceof Target.Frame || target instanceof Target.Stack;
    }
}
