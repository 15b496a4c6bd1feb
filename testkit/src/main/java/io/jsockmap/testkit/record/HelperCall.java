package io.jsockmap.testkit.record;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A call of a helper, or of a function of the kernel.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="way"}
 *
 * @param step the place of the step that made it
 * @param name its name, {@code bpf_map_lookup_elem}
 * @param arguments what it was given: pointers by where they point to, keys and values by their
 *     types
 * @param result R0 after it, and what it means: {@code -22 (EINVAL)}
 */
public record HelperCall(int step, String name, List<Named> arguments, Named result) {
    public HelperCall {
        arguments = List.copyOf(arguments);
    }

    @Override
    public String toString() {
        return arguments.stream()
                .map(Named::toString)
                .collect(
                        Collectors.joining(
                                ", ", name + "(", result.text().isEmpty() ? ")" : ") = " + result));
    }
}
