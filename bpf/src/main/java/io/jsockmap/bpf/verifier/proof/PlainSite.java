package io.jsockmap.bpf.verifier.proof;

import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.verifier.flow.Signs;
import io.jsockmap.bpf.verifier.step.Walk;

/** An instruction of which nothing is asked but whether it is reached. */
final class PlainSite implements Site {
    static final Site PLAIN = new PlainSite();

    private PlainSite() {}

    @Override
    public void before(Walk walk) {}

    @Override
    public SlotFacts facts(Signs signs) {
        return REACHED;
    }
}
