package io.jsockmap.bpf.program;

import java.util.Map;
import java.util.Optional;

/**
 * What a kind of program may see and call. Another module supplies it: this one knows of no socket.
 *
 * @param name the kernel's name in small letters, {@code sk_msg}
 * @param number the kernel's number ({@code enum bpf_prog_type})
 * @param context the structure that R1 points to at the start
 * @param helpers the helpers it may call, by number
 */
public record ProgramType(
        String name, int number, ContextLayout<?> context, Map<Integer, Helper> helpers) {

    /** The helper of that number, if this type may call it. */
    public Optional<Helper> helper(int number) {
        return Optional.ofNullable(helpers.get(number));
    }

    @Override
    public String toString() {
        return name;
    }
}
