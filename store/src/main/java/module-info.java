/** Maps that many hosts share, bound to etcd. */
module io.jsockmap.store {
    requires transitive io.jsockmap.sockmap;
    requires io.netty.handler;
    requires io.vertx.core;
    requires jetcd.core;
    requires static micrometer.core;

    exports io.jsockmap.store;
}
