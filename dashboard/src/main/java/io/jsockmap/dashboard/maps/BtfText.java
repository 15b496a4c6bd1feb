package io.jsockmap.dashboard.maps;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfValues;

import java.util.Optional;

/**
 * Writes keys and values as their types in C have them, in the notation in which {@code --set}
 * reads them: {@code {port=80, name="a"}}. What has no type is a number, or hexadecimal.
 */
final class BtfText {
    /** So many characters; what is longer is cut off, with an ellipsis. */
    private static final int LONGEST = 400;

    private final Optional<Btf> types;

    BtfText(Optional<Btf> types) {
        this.types = types;
    }

    /**
     * @param type its number in the BTF; 0 if it has none
     */
    String print(int type, byte[] bytes) {
        var text = BtfValues.read(types, type, bytes).toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
