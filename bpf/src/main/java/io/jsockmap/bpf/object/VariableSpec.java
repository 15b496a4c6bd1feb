package io.jsockmap.bpf.object;

/**
 * A global variable.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="read"}
 *
 * @param name its name in C
 * @param section the data section it lies in
 * @param offset bytes from the section's start
 * @param size bytes
 * @param type its number in the object's BTF, or 0 without BTF
 * @param weak for a kernel configuration value: whether it may be missing
 */
public record VariableSpec(
        String name, String section, int offset, int size, int type, boolean weak) {}
