package io.jsockmap.bpf.core;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a relocation asked for.
 *
 * @param compiled what the instruction must hold as it was compiled, where that is certain
 * @param value what it shall hold
 * @param loaded the field's sizes, where the instruction may load or store it
 */
record Answer(OptionalLong compiled, long value, Optional<Sizes> loaded) {

    static Answer of(OptionalLong compiled, long value) {
        return new Answer(compiled, value, Optional.empty());
    }

    /**
     * A field's bytes in the object's own types and in the target's.
     *
     * @param harmless whether a load of the other size gives the same number
     */
    record Sizes(long compiled, long target, boolean harmless) {}
}
