package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSocketMap;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Looks for the mistakes that people make with maps of sockets: what the verifier lets through, and
 * goes wrong with real connections. Nothing is run or attached.
 *
 * {@snippet class="io.jsockmap.testkit.examples.LintExamples" region="findings"}
 */
public final class Lint {
    private static final List<Check> CHECKS =
            List.of(
                    new Refusals(),
                    new IgnoredResults(),
                    new PacketReads(),
                    new ByteOrders(),
                    new Keys(),
                    new KeyForms(),
                    new Verdicts(),
                    new Streams(),
                    new ConstantArguments(),
                    new Connections(),
                    new Leftovers());

    private Lint() {}

    /**
     * What is found in an object, in the order of its programs and instructions. The object may
     * have been loaded without being verified; then programs that are refused are named.
     */
    public static List<Finding> of(UserObject object) {
        return of(object.spec(), object.programs().values(), object::attachType);
    }

    /**
     * The same of an object whose programs go elsewhere than their sections say.
     *
     * @param attach where a program goes, by its name
     */
    public static List<Finding> of(
            ObjectSpec spec,
            Collection<Program> programs,
            Function<String, Optional<AttachType>> attach) {
        var subjects = Subjects.of(spec, programs, attach);
        var findings = new Findings();
        for (var check : CHECKS) check.look(subjects, findings);
        var order = List.copyOf(programs).stream().map(Program::name).toList();
        return findings.all().stream()
                .sorted(
                        Comparator.comparingInt(
                                        (Finding f) -> f.program().map(order::indexOf).orElse(-1))
                                .thenComparingInt(f -> f.slot().orElse(-1)))
                .toList();
    }

    /** What is found in the maps of an object as they are now, with sockets in them. */
    public static List<Finding> running(UserObject object) {
        return object.socketMaps().stream()
                .filter(map -> map.withoutProgram() > 0)
                .map(Lint::insertedTooEarly)
                .toList();
    }

    private static Finding insertedTooEarly(UserSocketMap map) {
        long count = map.withoutProgram();
        return new Finding(
                Rule.ATTACHED_AFTER_SOCKETS,
                Severity.WARNING,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                "%d %s inserted before the program was attached, and %s without it."
                        .formatted(
                                count,
                                count == 1
                                        ? "socket of %s was".formatted(map.name())
                                        : "sockets of %s were".formatted(map.name()),
                                count == 1 ? "runs" : "run"),
                Rule.ATTACHED_AFTER_SOCKETS.fix());
    }
}
