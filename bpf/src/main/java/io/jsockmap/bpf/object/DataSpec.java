package io.jsockmap.bpf.object;

/**
 * A data section: an array map of one element whose value is the section.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="read"}
 *
 * @param name the section's name, which becomes the map's
 * @param bytes what it holds at the start
 * @param readOnly whether programs can't write it
 */
public record DataSpec(String name, byte[] bytes, boolean readOnly) {}
