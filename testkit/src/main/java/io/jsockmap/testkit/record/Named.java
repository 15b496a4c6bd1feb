package io.jsockmap.testkit.record;

/**
 * A number that has a name: a field of a context, an argument.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="way"}
 *
 * @param name its name; for arguments of helpers what they are, such as {@code key}
 * @param value the number as the program has it
 * @param text what it means, as people read it
 */
public record Named(String name, long value, String text) {
    @Override
    public String toString() {
        return name.isEmpty() ? text : name + "=" + text;
    }
}
