/** A proxy whose bytes are judged by sockmap programs. */
module io.jsockmap.proxy {
    requires transitive io.jsockmap.sockmap;
    requires transitive io.jsockmap.kernel;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;

    exports io.jsockmap.proxy;
}
