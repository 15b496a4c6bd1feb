/** The command line. */
module io.jsockmap.cli {
    requires info.picocli;
    requires io.jsockmap.kernel;
    requires io.jsockmap.proxy;
    requires io.jsockmap.testkit;
    requires jdk.httpserver;

    opens io.jsockmap.cli to
            info.picocli;
}
