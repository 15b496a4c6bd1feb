package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Range;
import io.jsockmap.bpf.program.MapUse;
import io.jsockmap.bpf.verifier.domain.Bounds;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Unreadable;
import io.jsockmap.bpf.verifier.step.Walk;

/** What R0 holds after a helper. */
final class Results {
    private final Walk walk;
    private final MapArguments maps;
    private final References references;

    Results(Walk walk, MapArguments maps, References references) {
        this.walk = walk;
        this.maps = maps;
        this.references = references;
    }

    Reg of(Helper helper, CallFacts facts) {
        return switch (helper.result()) {
            case NUMBER -> Scalar.of(range(helper, facts));
            case NOTHING -> Unreadable.UNREADABLE;
            case VALUE_OR_NULL -> owned(helper, facts, value(helper, facts));
            case STRUCTURE -> owned(helper, facts, Pointer.to(helper.structure().orElseThrow()));
            case STRUCTURE_OR_NULL ->
                    owned(helper, facts, orNull(Pointer.to(helper.structure().orElseThrow())));
            case MEMORY_OR_NULL -> owned(helper, facts, memory(facts, PointerKind.MEMORY));
            case READ_ONLY_MEMORY_OR_NULL ->
                    owned(helper, facts, memory(facts, PointerKind.MEMORY).asReadOnly());
            case RECORD_OR_NULL -> owned(helper, facts, memory(facts, PointerKind.RECORD));
        };
    }

    private static Bounds range(Helper helper, CallFacts facts) {
        return switch (helper.range().orElse(null)) {
            case null -> Bounds.UNKNOWN;
            case Range.Between(long min, long max) -> Bounds.signed(min, max);
            case Range.UpToSize(long min) -> Bounds.signed(min, facts.greatestSize);
        };
    }

    private Pointer value(Helper helper, CallFacts facts) {
        var value = NullChecks.ofMap(PointerKind.MAP_VALUE, facts.map, facts.mapId);
        if (!(helper.has(CallTrait.LOOKS_UP) && maps.isThere(facts))) return orNull(value);
        boolean lock = NullChecks.has(facts.map, SpecialField.Kind.SPIN_LOCK);
        return lock ? value.withId(walk.newId()) : value;
    }

    private Pointer memory(CallFacts facts, PointerKind kind) {
        return slice(Pointer.toMemory(kind, facts.memorySize), facts);
    }

    /** Memory of a dynptr is gone when the dynptr is; its target tells which it is. */
    private Pointer slice(Pointer pointer, CallFacts facts) {
        if (facts.dynptr == null) return orNull(pointer);
        return orNull(pointer.withTarget(facts.dynptr.id()))
                .withReference(facts.dynptr.reference());
    }

    private Pointer orNull(Pointer pointer) {
        return pointer.orNull(walk.newId());
    }

    /** With the reference that came with it, or that the argument had. */
    private Pointer owned(Helper helper, CallFacts facts, Pointer pointer) {
        if (helper.has(CallTrait.CASTS)) return pointer.withReference(facts.reference);
        if (!helper.has(CallTrait.ACQUIRES) && !findsSocket(helper, facts)) return pointer;
        int id = references.acquire();
        return pointer.withId(id).withReference(id);
    }

    private static boolean findsSocket(Helper helper, CallFacts facts) {
        return helper.has(CallTrait.LOOKS_UP)
                && facts.map != null
                && MapUse.element(facts.mapType()) == MapUse.Element.SOCKET;
    }
}
