package io.jsockmap.bpf.core;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.core.Answer.Sizes;
import io.jsockmap.bpf.core.CoreKind.Subject;
import io.jsockmap.bpf.core.TargetTypes.Candidates;
import io.jsockmap.bpf.insn.Instruction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes instructions fit the types that a program meets, instead of those it was compiled with:
 * "compile once, run everywhere". A type of the target is found by its name, a field by the names
 * that lead to it.
 */
public final class Relocator {
    private static final int EXISTS = 1;

    private final TargetTypes targets;

    public Relocator(TargetTypes targets) {
        this.targets = targets;
    }

    /** What becomes of an instruction. */
    public Outcome relocate(CoreRelocation relocation, Instruction instruction) {
        try {
            return answer(relocation, instruction);
        } catch (RelocationRefusal | MalformedObjectException refusal) {
            return new Outcome.Refused(
                    "CO-RE relocation of %s (%s): %s"
                            .formatted(
                                    relocation.subject(),
                                    relocation.kind().text(),
                                    refusal.getMessage()));
        }
    }

    private Outcome answer(CoreRelocation relocation, Instruction instruction)
            throws RelocationRefusal {
        if (relocation.kind() == CoreKind.TYPE_ID_LOCAL) {
            long id = relocation.place().root();
            return changed(instruction, Answer.of(OptionalLong.empty(), id));
        }
        var wanted = relocation.place().btf().type(relocation.place().root());
        if (wanted.name().isEmpty()) {
            throw new RelocationRefusal("a type without a name can't be found in the target");
        }
        var candidates = targets.named(wanted);
        var found = new ArrayList<Found>();
        if (candidates.isPresent()) {
            for (int type : candidates.get().types()) {
                find(relocation, candidates.get().btf(), type).ifPresent(found::add);
            }
        }
        if (!found.isEmpty()) return decide(relocation, instruction, found);
        if (relocation.kind().asksWhether()) {
            return changed(instruction, Answer.of(OptionalLong.of(EXISTS), 0));
        }
        return new Outcome.Impossible(
                "CO-RE relocation of %s failed: %s"
                        .formatted(relocation.subject(), missing(relocation, candidates)));
    }

    private static Outcome changed(Instruction instruction, Answer answer)
            throws RelocationRefusal {
        return new Outcome.Changed(new Patch(instruction, answer).make());
    }

    private String missing(CoreRelocation relocation, Optional<Candidates> candidates) {
        var subject = relocation.kind().subject();
        if (candidates.isPresent()) return "no such %s in the target".formatted(subject.word);
        return targets.areGiven()
                ? "no such type in the target"
                : "no such type here; the kernel's own types must be given (--btf FILE, or"
                        + " LoadOptions.withTargetTypes)";
    }

    /** All candidates must give the same answer, and the same place. */
    private static Outcome decide(
            CoreRelocation relocation, Instruction instruction, List<Found> found)
            throws RelocationRefusal {
        var first = found.getFirst();
        var answer = answer(relocation, first);
        for (var other : found.subList(1, found.size())) {
            long value = answer(relocation, other).value();
            if (value == answer.value() && other.bits() == first.bits()) continue;
            throw new RelocationRefusal(
                    "ambiguous: types %d and %d of the target are both called so, with %d and %d",
                    first.place().root(), other.place().root(), answer.value(), value);
        }
        var patch = new Patch(instruction, answer);
        if (!patch.changesMeaning()) return new Outcome.Changed(patch.make());
        var sizes = answer.loaded().orElseThrow();
        boolean bits = sizes.target() == 0 || sizes.compiled() == 0;
        return new Outcome.Impossible(
                "CO-RE relocation of %s failed: %s"
                        .formatted(
                                relocation.subject(),
                                bits
                                        ? "it is a bit-field here or there, but not in both"
                                        : "it has %d bytes in the target, was compiled for %d, and is no unsigned integer"
                                                .formatted(sizes.target(), sizes.compiled())));
    }

    /**
     * What stands in the target for what is asked about.
     *
     * @param value of an enumeration's value
     */
    private record Found(Place place, long value) {
        long bits() {
            return place.bits();
        }
    }

    private static Optional<Found> find(CoreRelocation relocation, Btf target, int candidate) {
        var local = relocation.place();
        return switch (relocation.kind().subject()) {
            case FIELD ->
                    new FieldSearch(local.btf(), target)
                            .find(local, candidate)
                            .map(place -> new Found(place, 0));
            case TYPE ->
                    isLike(relocation, target, candidate)
                            ? Optional.of(new Found(Place.of(target, candidate, 0), 0))
                            : Optional.empty();
            case VALUE -> {
                if (!(target.resolve(candidate) instanceof Enumeration enumeration)) {
                    yield Optional.empty();
                }
                yield EnumValues.find(enumeration, relocation.constant().name())
                        .map(c -> EnumValues.of(enumeration, c))
                        .map(value -> new Found(Place.of(target, candidate, 0), value));
            }
        };
    }

    private static boolean isLike(CoreRelocation relocation, Btf target, int candidate) {
        var local = relocation.place();
        return relocation.kind() == CoreKind.TYPE_MATCHES
                ? new Likeness(local.btf(), target).of(local.root(), candidate)
                : new Compatibility(local.btf(), target).types(local.root(), candidate);
    }

    private static Answer answer(CoreRelocation relocation, Found found) throws RelocationRefusal {
        if (relocation.kind().subject() == Subject.FIELD) return field(relocation, found.place());
        var place = found.place();
        var local = relocation.place();
        return switch (relocation.kind()) {
            case TYPE_ID_TARGET -> Answer.of(OptionalLong.empty(), place.root());
            case TYPE_SIZE -> Answer.of(size(local), place.btf().sizeOf(place.root()));
            case ENUMVAL_VALUE ->
                    Answer.of(OptionalLong.of(compiledValue(relocation)), found.value());
            default -> Answer.of(OptionalLong.of(EXISTS), EXISTS);
        };
    }

    private static OptionalLong size(Place place) {
        return OptionalLong.of(place.btf().sizeOf(place.root()));
    }

    private static long compiledValue(CoreRelocation relocation) {
        var local = relocation.place();
        return EnumValues.of(
                (Enumeration) local.btf().resolve(local.root()), relocation.constant());
    }

    private static Answer field(CoreRelocation relocation, Place place) throws RelocationRefusal {
        if (relocation.kind() == CoreKind.FIELD_EXISTS) {
            return Answer.of(OptionalLong.of(EXISTS), EXISTS);
        }
        var compiled = FieldFacts.of(relocation.place());
        var target = FieldFacts.of(place);
        var local = relocation.place().btf();
        return switch (relocation.kind()) {
            case FIELD_BYTE_OFFSET -> {
                // A compiler may read another integer around a bit-field than the one we'd take.
                var offset = checked(!compiled.bitField(), compiled.offset());
                boolean bits = compiled.bitField() && target.bitField();
                var sizes =
                        bits
                                ? Optional.<Sizes>empty()
                                : Optional.of(sizes(local, compiled, place.btf(), target));
                yield new Answer(offset, target.offset(), sizes);
            }
            case FIELD_BYTE_SIZE ->
                    Answer.of(checked(!compiled.bitField(), compiled.size()), target.size());
            case FIELD_SIGNED ->
                    Answer.of(
                            OptionalLong.of(bit(compiled.signed(local))),
                            bit(target.signed(place.btf())));
            case FIELD_LSHIFT_U64 -> Answer.of(OptionalLong.empty(), target.leftShift());
            default -> Answer.of(OptionalLong.of(compiled.rightShift()), target.rightShift());
        };
    }

    private static OptionalLong checked(boolean certain, long value) {
        return certain ? OptionalLong.of(value) : OptionalLong.empty();
    }

    private static long bit(boolean value) {
        return value ? 1 : 0;
    }

    /** Unsigned integers and pointers of fewer bytes are the same numbers, with zeros in front. */
    private static Sizes sizes(Btf local, FieldFacts compiled, Btf target, FieldFacts found) {
        // Of a bit-field no load reads but a part, or more than it.
        if (compiled.bitField()) return new Sizes(0, found.size(), false);
        if (found.bitField()) return new Sizes(compiled.size(), 0, false);
        var mine = local.resolve(compiled.type());
        var other = target.resolve(found.type());
        boolean pointers = mine instanceof Pointer && other instanceof Pointer;
        boolean unsigned =
                mine instanceof Int a && other instanceof Int b && !a.signed() && !b.signed();
        return new Sizes(compiled.size(), found.size(), pointers || unsigned);
    }
}
