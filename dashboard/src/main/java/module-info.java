/** A look at a running proxy: its live page, its metrics, and events of the flight recorder. */
@SuppressWarnings("module") // Those to whom it exports are compiled later.
module io.jsockmap.dashboard {
    requires transitive io.jsockmap.proxy;
    requires com.google.gson;
    requires io.prometheus.metrics.model;
    requires io.prometheus.metrics.config;
    requires io.prometheus.writer.text;
    requires java.net.http;
    requires jdk.httpserver;
    requires jdk.jfr;

    exports io.jsockmap.dashboard to
            io.jsockmap.cli;
    exports io.jsockmap.dashboard.collect to
            io.jsockmap.cli;
    exports io.jsockmap.dashboard.jfr;
    exports io.jsockmap.dashboard.state to
            io.jsockmap.cli;

    // Records become JSON and come back from it.
    opens io.jsockmap.dashboard.state to
            com.google.gson;
}
