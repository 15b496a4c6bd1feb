package io.jsockmap.bpf.program;

/**
 * A structure of the kernel that programs get pointers to, such as {@code struct bpf_sock}.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="structure"}
 *
 * @param name the word for such a pointer in the verifier's log: {@code sock}
 * @param layout its fields
 * @param internal whether it is one of the kernel's own, known by its BTF: helpers that want a
 *     {@code struct bpf_sock} refuse it
 * @param socket whether it is a socket, or begins with one
 */
public record Structure(String name, ContextLayout<?> layout, boolean internal, boolean socket) {
    /** Larger than any of the kernel's structures that programs get. */
    private static final int SIZE = 1 << 14;

    private static final String PREFIX = "ptr_";

    /** A socket as it is shown to programs. */
    public static Structure socket(String name, ContextLayout<?> layout) {
        return new Structure(name, layout, false, true);
    }

    /** A socket that is one of the kernel's own, of that name in C. */
    public static Structure internalSocket(String name, ContextLayout<?> layout) {
        return new Structure(PREFIX + name, layout, true, true);
    }

    /** One of the kernel's own of that name in C, of which nothing is shown, and no socket. */
    public static Structure opaque(String name) {
        var layout =
                ContextLayout.of("struct " + name, SIZE)
                        .hidden(0, SIZE, "not shown in user space")
                        .build();
        return new Structure(PREFIX + name, layout, true, false);
    }

    /** Its name in C. */
    public String type() {
        return internal ? name.substring(PREFIX.length()) : name;
    }
}
