/** Maps of sockets, and the programs that judge what the sockets send and receive. No I/O. */
module io.jsockmap.sockmap {
    requires transitive io.jsockmap.bpf;

    uses io.jsockmap.sockmap.EngineProvider;

    exports io.jsockmap.sockmap;
    exports io.jsockmap.sockmap.key;
    exports io.jsockmap.sockmap.map;
    exports io.jsockmap.sockmap.network;
    exports io.jsockmap.sockmap.program;
    exports io.jsockmap.sockmap.setup;
    exports io.jsockmap.sockmap.socket;
}
