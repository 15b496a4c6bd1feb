package io.jsockmap.bpf.verifier.state;

/** Nothing was written yet, or a call has clobbered it. */
public enum Unreadable implements Reg {
    UNREADABLE
}
