package io.jsockmap.testkit.cover;

/**
 * A function of C that was compiled as one; those that were put in line are not.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="untested"}
 *
 * @param name its name
 * @param line the line where it begins
 * @param count how often it was called
 */
public record FunctionCoverage(String name, int line, long count) {}
