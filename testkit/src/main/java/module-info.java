/** Tests, traces, covers and debugs programs on connections in memory. */
module io.jsockmap.testkit {
    requires transitive io.jsockmap.sockmap;
    requires io.jsockmap.policy;
    requires static org.junit.jupiter.api;
    requires com.google.gson;
    requires java.xml;
    // What lsp4j logs to; it is no module itself that could ask for it.
    requires java.logging;
    requires org.eclipse.lsp4j.debug;
    requires org.eclipse.lsp4j.jsonrpc;

    exports io.jsockmap.testkit.cover;
    exports io.jsockmap.testkit.dap;
    exports io.jsockmap.testkit.debug;
    exports io.jsockmap.testkit.junit;
    exports io.jsockmap.testkit.lint;
    exports io.jsockmap.testkit.pcap;
    exports io.jsockmap.testkit.record;
    exports io.jsockmap.testkit.run;
    exports io.jsockmap.testkit.scenario;
    exports io.jsockmap.testkit.source;
    exports io.jsockmap.testkit.stage;
    exports io.jsockmap.testkit.trace;

    // JUnit looks at annotations and makes the extension.
    opens io.jsockmap.testkit.junit;
}
