package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.verifier.state.Dynptr;
import io.jsockmap.bpf.verifier.state.Pointer;

/** What the arguments of a call told, for the arguments behind them and for the result. */
final class CallFacts {
    /** No key, or none that is known. */
    static final long NO_KEY = -1;

    /** The helper's number, or -1 for a function of the kernel. */
    final int helper;

    /** The map that the call is about, or null. */
    BpfMap map;

    /** Which of the maps in a map of maps that is, or 0. */
    int mapId;

    /** The key that is looked for, if it is known. */
    long key = NO_KEY;

    /** The reference that an argument carries, or 0. */
    int reference;

    /** The register whose reference is given back, or 0. */
    int released;

    /** Where the function begins that is called back. */
    int function;

    /** How many bytes the result points to. */
    int memorySize;

    /** The greatest size that was asked for. */
    long greatestSize;

    /** The dynptr that was read, or null. */
    Dynptr dynptr;

    /** Whether what the dynptr holds is given back. */
    boolean givesBackDynptr;

    /** The iterator, or null. */
    Pointer iterator;

    CallFacts(int helper) {
        this.helper = helper;
    }

    MapType mapType() {
        return map.definition().kind().orElseThrow();
    }
}
