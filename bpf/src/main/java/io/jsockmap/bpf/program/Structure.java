package io.jsockmap.bpf.program;

/**
 * A structure of the kernel that programs get pointers to, such as {@code struct bpf_sock}.
 *
 * @param name the word for such a pointer in the verifier's log: {@code sock}
 * @param layout its fields
 * @param internal whether it is one of the kernel's own, known by its BTF: helpers that want a
 *     {@code struct bpf_sock} refuse it
 */
public record Structure(String name, ContextLayout<?> layout, boolean internal) {}
