package io.jsockmap.bpf.core;

/** A relocation that can't be made, whatever the program does with it: in words. */
final class RelocationRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    RelocationRefusal(String problem, Object... values) {
        super(problem.formatted(values), null, false, false);
    }
}
