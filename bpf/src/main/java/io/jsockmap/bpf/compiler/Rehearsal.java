package io.jsockmap.bpf.compiler;

import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ProgramType;

import java.util.Optional;

/**
 * What programs are tried out on as soon as they are compiled, so that the JVM knows them when the
 * first message comes. Nothing that a trial does is seen anywhere else: it has maps of its own, and
 * what it prints is lost.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="machines"}
 *
 * @param kinds makes the maps
 * @param contexts makes the contexts
 */
public record Rehearsal(MapKinds kinds, Contexts contexts) {
    /** No program is tried out. */
    public static final Rehearsal NONE =
            new Rehearsal(MapKinds.plain(), (_, _) -> Optional.empty());

    /** Makes contexts for trials. */
    @FunctionalInterface
    public interface Contexts {
        /**
         * A context that nobody else has.
         *
         * @param turn how many trials went before: so that they differ
         * @return empty if there is none for that type
         */
        Optional<Region> make(ProgramType type, int turn);
    }
}
