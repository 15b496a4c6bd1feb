package io.jsockmap.bpf.map;

/** What an update does when the key is there, or is not (bpf(2), BPF_MAP_UPDATE_ELEM). */
public enum UpdateFlag {
    /** BPF_ANY: insert or replace. */
    ANY,
    /** BPF_NOEXIST: insert; EEXIST if the key is there. */
    NOEXIST,
    /** BPF_EXIST: replace; ENOENT if the key is not there. */
    EXIST;

    /** The flag of that number, or null if there is none. */
    static UpdateFlag of(long number) {
        return number >= 0 && number < values().length ? values()[(int) number] : null;
    }
}
