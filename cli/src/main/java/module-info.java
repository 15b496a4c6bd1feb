/** The command line. */
module io.jsockmap.cli {
    requires info.picocli;
    requires io.jsockmap.dashboard;
    requires io.jsockmap.kernel;
    requires io.jsockmap.proxy;
    requires jdk.httpserver;

    opens io.jsockmap.cli to
            info.picocli;
}
