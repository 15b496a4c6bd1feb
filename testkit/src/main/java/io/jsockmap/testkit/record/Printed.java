package io.jsockmap.testkit.record;

/**
 * A line that a program printed ({@code bpf_printk}).
 *
 * @param step the place of the step that printed it
 */
public record Printed(int step, String text) {}
