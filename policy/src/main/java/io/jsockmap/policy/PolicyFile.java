package io.jsockmap.policy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.sockmap.setup.ObjectSetup;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A policy as its file says it.
 *
 * {@snippet class="io.jsockmap.policy.examples.PolicyExamples" region="file"}
 *
 * @param file where it was read from
 * @param name what it is called
 * @param object the object file
 * @param setup what is said of the object
 * @param coverage which sockets come under it
 * @param insertions {@code MAP[KEY]=ROLE}: which of them go into which maps
 * @param kept maps that stay when another version comes
 * @param limits what it may take
 */
public record PolicyFile(
        Path file,
        String name,
        Path object,
        ObjectSetup setup,
        Coverage coverage,
        List<String> insertions,
        Set<String> kept,
        PolicyLimits limits) {

    public PolicyFile {
        insertions = List.copyOf(insertions);
        kept = Set.copyOf(kept);
    }

    /**
     * Reads a file.
     *
     * @throws BpfException ENOENT if it can't be read, EINVAL with the line for a mistake
     */
    public static PolicyFile read(Path file) {
        return PolicyReader.read(file);
    }
}
