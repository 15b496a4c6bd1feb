package io.jsockmap.bpf.map;

import java.util.Optional;

/**
 * What an update does when the key is there, or is not (bpf(2), BPF_MAP_UPDATE_ELEM).
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="hash"}
 */
public enum UpdateFlag {
    /** BPF_ANY: insert or replace. */
    ANY(0),
    /** BPF_NOEXIST: insert; EEXIST if the key is there. */
    NOEXIST(1),
    /** BPF_EXIST: replace; ENOENT if the key is not there. */
    EXIST(2);

    private final long number;

    UpdateFlag(long number) {
        this.number = number;
    }

    /** The kernel's number. */
    public long number() {
        return number;
    }

    /** The flag of that number, or empty if there is none. */
    public static Optional<UpdateFlag> of(long number) {
        if (number < 0 || number >= values().length) return Optional.empty();
        return Optional.of(values()[(int) number]);
    }
}
