/** The command line. */
module io.jsockmap.cli {
    requires com.google.gson;
    requires info.picocli;
    requires io.jsockmap.policy;
    requires io.jsockmap.control;
    requires io.jsockmap.dashboard;
    requires io.jsockmap.kernel;
    requires io.jsockmap.proxy;
    requires io.jsockmap.testkit;
    requires jdk.httpserver;

    opens io.jsockmap.cli to
            info.picocli;
    opens io.jsockmap.cli.bpftool to
            info.picocli;
}
