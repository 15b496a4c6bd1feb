package io.jsockmap.bpf.verifier.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.helper.PrintkFormat;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.MapUse;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.step.MemoryBounds;
import io.jsockmap.bpf.verifier.step.StackAccess;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.Optional;

/** Maps as arguments, with their keys and values. */
final class MapArguments {
    private final Walk walk;
    private final MemoryBounds bounds;
    private final MemoryArguments memory;

    MapArguments(Walk walk, MemoryBounds bounds, MemoryArguments memory) {
        this.walk = walk;
        this.bounds = bounds;
        this.memory = memory;
    }

    /** The map that the call is about. A timer named its own before. */
    @SuppressWarnings("ReferenceEquality") // a map is equal to itself only
    void map(CallFacts facts, Pointer pointer) {
        boolean another = facts.map != null && facts.map != pointer.map();
        if (another || facts.map != null && facts.mapId != pointer.mapId()) {
            throw walk.refused(
                    Rule.ARGUMENT_TYPE,
                    Errno.EINVAL,
                    "timer pointer in R1 map_uid=%d doesn't match map pointer in R2 map_uid=%d",
                    facts.mapId,
                    pointer.mapId());
        }
        facts.map = pointer.map();
        facts.mapId = pointer.mapId();
    }

    /** Whether the helper may be called with the map that its arguments name. */
    void checkUse(CallFacts facts) {
        if (facts.map == null) return;
        var kind = facts.mapType();
        MapUse.refusal(walk.program().type().number(), kind, facts.helper).ifPresent(this::refuse);
    }

    /** Whether the helper may be called with a map that programs may only read. */
    void checkFlags(CallFacts facts) {
        if (facts.map == null) return;
        MapUse.refusal(facts.map.definition(), facts.helper).ifPresent(this::refuse);
    }

    private void refuse(MapUse.Refusal refusal) {
        boolean sockets = refusal.lines().size() > 1;
        throw walk.refused(
                sockets ? Rule.SOCKET_MAP_UPDATE : Rule.MAP_KIND,
                refusal.errno(),
                "%s",
                String.join("\n", refusal.lines()));
    }

    /** A key of the map. */
    void key(CallFacts facts, int register) {
        memory.memory(register, facts.map.keySize(), false, MemoryArguments.Use.READ);
        var type = facts.mapType();
        boolean array = type == MapType.ARRAY || type == MapType.PERCPU_ARRAY;
        if (array) facts.key = constant(walk.state().register(register), facts.map.keySize());
    }

    /** The key, if the stack holds a number that is known. */
    private long constant(Object argument, int size) {
        if (!(argument instanceof Pointer pointer)
                || !pointer.is(PointerKind.STACK)
                || !pointer.isFixed()) {
            return CallFacts.NO_KEY;
        }
        int at = pointer.offset() + (int) pointer.variable().constant();
        var slot = walk.state().frame(pointer.frame()).slot(StackAccess.slotOf(at));
        int first = Math.floorMod(at, Slot.BYTES);
        if (count(slot, first, Slot.ZERO) >= size) return 0;
        boolean whole = slot.isSpill() && count(slot, first, Slot.SPILL) == size;
        if (!whole || !(slot.register() instanceof Scalar number) || !number.isConstant()) {
            return CallFacts.NO_KEY;
        }
        Walk.markPrecise(number);
        return number.bounds().constant();
    }

    private static int count(Slot slot, int first, int kind) {
        int count = 0;
        while (first + count < Slot.BYTES && slot.kind(first + count) == kind) count++;
        return count;
    }

    /** Whether a lookup finds a value in any case. */
    boolean isThere(CallFacts facts) {
        return facts.key >= 0
                && facts.key < facts.map.definition().maxEntries()
                && isSizeKnown(facts);
    }

    /** Maps that are put into one of maps may have fewer elements, unless they are plain arrays. */
    private boolean isSizeKnown(CallFacts facts) {
        boolean inner = !walk.program().maps().contains(facts.map);
        boolean any = (facts.map.definition().flags() & ArrayMap.INNER_MAP) != 0;
        return !any && (!inner || facts.mapType() == MapType.ARRAY);
    }

    /** Text in a map that nobody changes any more. */
    void text(int register) {
        var pointer = (Pointer) walk.state().register(register);
        var map = pointer.map();
        if ((map.definition().flags() & BpfMap.RDONLY_PROG) == 0 || !map.isFrozen()) {
            throw notText(register, Errno.EACCES, "R%d does not point to a readonly map'");
        }
        if (!pointer.isFixed()) {
            throw notText(register, Errno.EACCES, "R%d is not a constant address'");
        }
        if (!map.definition().is(MapType.ARRAY)) {
            throw notText(
                    register, Errno.EACCES, "no direct value access support for this map type");
        }
        int offset = pointer.offset();
        bounds.mapValue(register, pointer, offset, map.valueSize() - offset, false);
        int at = offset + (int) pointer.variable().constant();
        if (text(map, at).isEmpty()) {
            throw notText(register, Errno.EINVAL, "string is not zero-terminated");
        }
    }

    /** The text that begins there in a map's first value, if it ends. */
    private static Optional<String> text(BpfMap map, int at) {
        var value = new String(map.lookup(new byte[map.keySize()]).orElseThrow(), ISO_8859_1);
        int end = value.indexOf('\0', at);
        return end < 0 ? Optional.empty() : Optional.of(value.substring(at, end));
    }

    /** The text in the register is a format for that many bytes of values. */
    void format(int register, int bytes) {
        var pointer = (Pointer) walk.state().register(register);
        int at = pointer.offset() + (int) pointer.variable().constant();
        var format = text(pointer.map(), at).orElseThrow();
        boolean whole = bytes % Long.BYTES == 0;
        if (whole && PrintkFormat.isValid(format, bytes / Long.BYTES)) return;
        throw notText(register, Errno.EINVAL, "Invalid format string");
    }

    private RuntimeException notText(int register, Errno errno, String format) {
        return walk.refused(Rule.ARGUMENT_TYPE, errno, register, format, register);
    }
}
