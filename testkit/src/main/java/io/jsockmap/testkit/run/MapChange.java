package io.jsockmap.testkit.run;

import io.jsockmap.bpf.btf.BtfValue;

import java.util.Optional;

/**
 * A change of what a map or a variable holds.
 *
 * {@snippet class="io.jsockmap.testkit.examples.RunExamples" region="changes"}
 *
 * @param place {@code MAP[KEY]}, or a variable's name
 * @param before what it was; empty if nothing was there
 * @param after what it is now; empty if it is gone
 */
public record MapChange(String place, Optional<BtfValue> before, Optional<BtfValue> after) {
    @Override
    public String toString() {
        return "%s: %s -> %s".formatted(place, text(before), text(after));
    }

    private static String text(Optional<BtfValue> value) {
        return value.map(Object::toString).orElse("nothing");
    }
}
