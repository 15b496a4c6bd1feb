package io.jsockmap.bpf.map;

import java.util.Optional;

/** What an update does when the key is there, or is not (bpf(2), BPF_MAP_UPDATE_ELEM). */
public enum UpdateFlag {
    /** BPF_ANY: insert or replace. */
    ANY,
    /** BPF_NOEXIST: insert; EEXIST if the key is there. */
    NOEXIST,
    /** BPF_EXIST: replace; ENOENT if the key is not there. */
    EXIST;

    /** The kernel's number. */
    public long number() {
        return ordinal();
    }

    /** The flag of that number, or empty if there is none. */
    public static Optional<UpdateFlag> of(long number) {
        if (number < 0 || number >= values().length) return Optional.empty();
        return Optional.of(values()[(int) number]);
    }
}
