package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * HAProxy for TCP, with two threads.
 *
 * @param globals more lines of the section global
 * @param defaults more lines of the section defaults
 * @param isCopying whether all bytes go through its memory
 */
record Haproxy(String name, String setting, String globals, String defaults, boolean isCopying)
        implements Peer {
    private static final String PROGRAM = "haproxy";

    static List<Haproxy> all() {
        return List.of(
                new Haproxy("haproxy", "as it comes", "", "", true),
                new Haproxy(
                        "haproxy-64k", "tune.bufsize of 64 KiB", "tune.bufsize 65536", "", true),
                new Haproxy(
                        "haproxy-splice",
                        "splice in both directions, pipes of 1 MiB",
                        "tune.pipesize 1048576\n    maxpipes 64",
                        "option splice-request\n    option splice-response",
                        false));
    }

    @Override
    public Optional<String> missing() {
        return Peer.missing(PROGRAM);
    }

    @Override
    public String version() {
        return Version.of(PROGRAM, "-v");
    }

    @Override
    public int most() {
        return Descriptors.connections(2);
    }

    @Override
    public List<String> command(int listen, int upstream, Path folder) throws IOException {
        var file = folder.resolve("haproxy.cfg");
        Files.writeString(file, configuration(listen, upstream));
        return List.of(Peer.command(PROGRAM), "-db", "-f", file.toString());
    }

    private String configuration(int listen, int upstream) {
        return """
        global
            nbthread 2
            maxconn %d
            no strict-limits
            %s
        defaults
            mode tcp
            maxconn %1$d
            backlog %d
            timeout connect 10s
            timeout client 1h
            timeout server 1h
            %s
        listen path
            bind 127.0.0.1:%d
            server origin 127.0.0.1:%d
        """
                .formatted(
                        most() + Descriptors.SPARE / 4,
                        globals,
                        Origin.BACKLOG,
                        defaults,
                        listen,
                        upstream);
    }
}
