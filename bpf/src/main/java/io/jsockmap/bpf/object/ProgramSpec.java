package io.jsockmap.bpf.object;

/**
 * A program as an object file has it. Its type is not decided yet: that depends on the section's
 * name, and on who loads it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="read"}
 *
 * @param name the function's name in C
 * @param section the section's name, without the question mark
 * @param optional whether the name began with a question mark: loaded only when asked for by name
 * @param place the section and the byte at which its function begins
 */
public record ProgramSpec(String name, String section, boolean optional, String place) {}
