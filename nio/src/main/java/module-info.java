/** NIO channels under the engine, for code that blocks on virtual threads. */
module io.jsockmap.nio {
    requires transitive io.jsockmap.sockmap;
    requires io.jsockmap.kernel;

    exports io.jsockmap.nio;
}
