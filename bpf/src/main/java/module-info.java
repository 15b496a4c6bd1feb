/**
 * The eBPF machine: instructions, object files, maps, interpreter and compiler. Knows of no socket.
 */
@SuppressWarnings("module") // Those to whom it exports are compiled later.
module io.jsockmap.bpf {
    exports io.jsockmap.bpf;
    exports io.jsockmap.bpf.btf;
    exports io.jsockmap.bpf.compiler;
    exports io.jsockmap.bpf.core to
            io.jsockmap.cli,
            io.jsockmap.kernel,
            io.jsockmap.sockmap;
    exports io.jsockmap.bpf.helper to
            io.jsockmap.cli,
            io.jsockmap.sockmap;
    exports io.jsockmap.bpf.insn;
    exports io.jsockmap.bpf.interpreter;
    exports io.jsockmap.bpf.map;
    exports io.jsockmap.bpf.memory to
            io.jsockmap.cli,
            io.jsockmap.dashboard,
            io.jsockmap.kernel,
            io.jsockmap.sockmap,
            io.jsockmap.testkit;
    exports io.jsockmap.bpf.object;
    exports io.jsockmap.bpf.program;
    exports io.jsockmap.bpf.verifier;
    exports io.jsockmap.bpf.verifier.explain;
    exports io.jsockmap.bpf.verifier.rule;
}
