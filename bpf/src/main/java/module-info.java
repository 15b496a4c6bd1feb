/**
 * The eBPF machine: instructions, object files, maps, interpreter and compiler. Knows of no socket.
 */
module io.jsockmap.bpf {
    exports io.jsockmap.bpf;
    exports io.jsockmap.bpf.btf;
    exports io.jsockmap.bpf.compiler;
    exports io.jsockmap.bpf.core;
    exports io.jsockmap.bpf.helper;
    exports io.jsockmap.bpf.insn;
    exports io.jsockmap.bpf.interpreter;
    exports io.jsockmap.bpf.map;
    exports io.jsockmap.bpf.memory;
    exports io.jsockmap.bpf.object;
    exports io.jsockmap.bpf.program;
    exports io.jsockmap.bpf.verifier;
    exports io.jsockmap.bpf.verifier.explain;
    exports io.jsockmap.bpf.verifier.rule;
}
