package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.object.MapSpec;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.testkit.lint.flow.Flow;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** An object and its programs. */
record Subjects(ObjectSpec spec, List<Subject> all) {
    Subjects {
        all = List.copyOf(all);
    }

    static Subjects of(
            ObjectSpec spec,
            Collection<Program> programs,
            Function<String, Optional<AttachType>> attach) {
        return new Subjects(
                spec,
                programs.stream()
                        .map(p -> of(p, attach.apply(p.name()), !isJumpedTo(spec, programs, p)))
                        .toList());
    }

    private static Subject of(Program program, Optional<AttachType> attach, boolean asDelivered) {
        // What was proved of a program is there only if it was accepted.
        var refusal =
                program.facts().isPresent()
                        ? Optional.<Refusal>empty()
                        : Verifier.verify(program, Options.DEFAULT).refusal();
        return new Subject(program, attach, Flow.of(program, asDelivered), refusal);
    }

    /**
     * Whether another program may go on in this one, so that its start is not the start of a run.
     * Which ones an array of programs holds is often decided by whoever loads the object.
     */
    private static boolean isJumpedTo(
            ObjectSpec spec, Collection<Program> programs, Program program) {
        var arrays = spec.maps().stream().filter(Subjects::holdsPrograms).toList();
        var named = arrays.stream().flatMap(map -> map.values().values().stream()).toList();
        if (!named.isEmpty()) return named.contains(program.name());
        return !arrays.isEmpty()
                && programs.stream()
                                .filter(p -> p.type().number() == program.type().number())
                                .count()
                        > 1;
    }

    private static boolean holdsPrograms(MapSpec map) {
        return map.definition().type() == MapType.PROG_ARRAY.number();
    }

    boolean hasParser() {
        return all.stream().anyMatch(Subject::isParser);
    }

    /** Whether a program beside that verdict is a parser, or may be attached as one. */
    boolean mayHaveParserBeside(Subject verdict) {
        return all.stream()
                .filter(s -> s.isBuffer() && !s.equals(verdict))
                .anyMatch(s -> s.isParser() || s.attach().isEmpty());
    }
}
