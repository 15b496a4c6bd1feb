/** Netty channels under the engine: a handler, and an initializer for servers and clients. */
module io.jsockmap.netty {
    requires transitive io.jsockmap.sockmap;
    requires io.netty.buffer;
    requires io.netty.common;
    requires transitive io.netty.transport;

    exports io.jsockmap.netty;
}
