package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.Constants;
import io.jsockmap.bpf.program.Program;

/**
 * A program that can be executed.
 *
 * @param code what it was compiled to
 * @param constants what its immediates refer to
 * @param maps those of them that are maps, by their places
 */
public record Linked(Program program, CompiledCode code, Constants constants, BpfMap[] maps) {

    /** A program on its own maps. */
    public static Linked of(Program program, CompiledCode code) {
        return of(program, code, program.constants());
    }

    /** A program on those maps that the constants have. */
    public static Linked of(Program program, CompiledCode code, Constants constants) {
        return new Linked(program, code, constants, constants.maps().toArray(BpfMap[]::new));
    }
}
