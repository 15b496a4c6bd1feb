package io.jsockmap.bpf.program;

/**
 * A structure of the kernel that programs get pointers to, such as {@code struct bpf_sock}.
 *
 * @param name the word for such a pointer in the verifier's log: {@code sock}
 * @param layout its fields
 * @param internal whether it is one of the kernel's own, known by its BTF: helpers that want a
 *     {@code struct bpf_sock} refuse it
 */
public record Structure(String name, ContextLayout<?> layout, boolean internal) {
    /** Larger than any of the kernel's structures that programs get. */
    private static final int SIZE = 1 << 14;

    /** One of the kernel's own of that name in C, of which nothing is shown. */
    public static Structure opaque(String name) {
        var layout =
                ContextLayout.of("struct " + name, SIZE)
                        .hidden(0, SIZE, "not shown in user space")
                        .build();
        return new Structure("ptr_" + name, layout, true);
    }
}
