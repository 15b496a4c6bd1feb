package io.jsockmap.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.MalformedObjectException;

import java.util.function.UnaryOperator;

/**
 * A way to damage an object, and how it is to be refused.
 *
 * @param what what is wrong
 * @param object the fixture that is good
 * @param change what makes it bad
 * @param section the section that the refusal must name
 * @param problem words that it must have
 */
record Damage(
        String what,
        String object,
        UnaryOperator<ObjectBytes> change,
        String section,
        String problem) {

    /**
     * The damaged object is refused in one line that names the section, the place and the problem.
     */
    void assertRefused() {
        var refusal = refusalOf(change.apply(ObjectBytes.of(object)).array());

        assertThat(refusal.section()).as(refusal.getMessage()).isEqualTo(section);
        assertThat(refusal)
                .hasMessageStartingWith(
                        "ENOEXEC: damaged.o: section %s, offset %d: ", section, refusal.offset())
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
        assertThat(refusal.errno()).isEqualTo(Errno.ENOEXEC);
    }

    static MalformedObjectException refusalOf(byte[] bytes) {
        return assertThrows(
                MalformedObjectException.class,
                () -> {
                    var spec = ObjectReader.read("damaged.o", bytes);
                    Loaded.loader().load(spec, LoadOptions.DEFAULT);
                });
    }

    @Override
    public String toString() {
        return what;
    }
}
