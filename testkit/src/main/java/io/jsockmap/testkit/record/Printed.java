package io.jsockmap.testkit.record;

/**
 * A line that a program printed ({@code bpf_printk}).
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="way"}
 *
 * @param step the place of the step that printed it
 */
public record Printed(int step, String text) {}
