/** Policies for the sockets of an application, replaced while they carry traffic. */
@SuppressWarnings("module") // That one is compiled later.
module io.jsockmap.policy {
    requires transitive io.jsockmap.sockmap;
    requires org.snakeyaml.engine;

    exports io.jsockmap.policy;
    exports io.jsockmap.policy.yaml to
            io.jsockmap.testkit;
}
