package io.jsockmap.bpf.map;

import io.jsockmap.bpf.memory.Region;

/**
 * An element as {@code bpf_for_each_map_elem} hands it to a program.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="element"}
 *
 * @param key a copy of its key
 * @param value its value; of a map per CPU, that of the CPU the program runs on
 */
public record ProgramElement(byte[] key, Region value) {}
