/** The running kernel's sockmap by bpf(2), without a native library, and its verifier. */
module io.jsockmap.kernel {
    requires transitive io.jsockmap.sockmap;

    exports io.jsockmap.kernel;
    exports io.jsockmap.kernel.doctor;
    exports io.jsockmap.kernel.engine;
    exports io.jsockmap.kernel.inspect;

    provides io.jsockmap.sockmap.EngineProvider with
            io.jsockmap.kernel.engine.Provider;
}
