/** Maps that many hosts share, bound to etcd. */
module io.jsockmap.store {
    requires transitive io.jsockmap.sockmap;
    requires jetcd.core;

    exports io.jsockmap.store;
}
