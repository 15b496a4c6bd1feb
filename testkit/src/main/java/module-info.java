/** Tests, traces, covers and debugs programs on connections in memory. */
module io.jsockmap.testkit {
    requires transitive io.jsockmap.sockmap;
    requires static org.junit.jupiter.api;
    requires com.google.gson;
    requires org.snakeyaml.engine;

    exports io.jsockmap.testkit.cover;
    exports io.jsockmap.testkit.record;
    exports io.jsockmap.testkit.run;
    exports io.jsockmap.testkit.trace;
}
