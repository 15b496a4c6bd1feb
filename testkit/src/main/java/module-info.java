/** Tests, traces, covers and debugs programs on connections in memory. */
module io.jsockmap.testkit {
    requires transitive io.jsockmap.sockmap;
    requires static transitive org.junit.jupiter.api;
    requires com.google.gson;
    requires java.xml;
    requires org.snakeyaml.engine;

    exports io.jsockmap.testkit.junit;
    exports io.jsockmap.testkit.lint;
    exports io.jsockmap.testkit.pcap;
    exports io.jsockmap.testkit.run;
    exports io.jsockmap.testkit.scenario;
    exports io.jsockmap.testkit.stage;
}
