package io.jsockmap.policy;

import io.jsockmap.bpf.object.ObjectSpec;

import java.time.Instant;

/**
 * A version of a policy.
 *
 * {@snippet class="io.jsockmap.policy.examples.PolicyExamples" region="live"}
 *
 * @param number counts from 1
 * @param since when it came into force
 * @param file what it says
 * @param object its object file, as it was read then
 */
public record Version(int number, Instant since, PolicyFile file, ObjectSpec object) {

    /** Its number, and the object file's name. */
    @Override
    public String toString() {
        return "version %d (%s)".formatted(number, object.name());
    }
}
