/**
 * bpf(2) of the running kernel, without a native library. Loads and runs programs; attaches none.
 */
module io.jsockmap.kernel {
    requires transitive io.jsockmap.bpf;

    exports io.jsockmap.kernel;
}
