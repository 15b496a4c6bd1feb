package io.jsockmap.bpf.object;

import io.jsockmap.bpf.core.TargetTypes;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;

import java.util.function.UnaryOperator;

/**
 * Where objects are loaded.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="host"}
 *
 * @param kinds the maps that can be made
 * @param types the types that programs meet, for CO-RE relocations
 * @param kernelVersion what {@code LINUX_KERNEL_VERSION} reads, as the kernel codes it
 * @param admission gives the program as it may run, or throws a {@link
 *     io.jsockmap.bpf.verifier.VerifierException}
 */
public record Host(
        MapKinds kinds, TargetTypes types, long kernelVersion, UnaryOperator<Program> admission) {
    /** The release whose behaviour we take as the rule. */
    private static final long RELEASE = version(6, 18, 0);

    /** This process: programs are proved by our verifier. */
    public static Host here(MapKinds kinds, TargetTypes types) {
        return new Host(
                kinds,
                types,
                RELEASE,
                program -> Verifier.verify(program, Options.DEFAULT).accepted());
    }

    /** A release as the kernel codes it. */
    public static long version(int major, int minor, int patch) {
        return (long) major << 16 | minor << 8 | Math.min(patch, 255);
    }
}
