package io.jsockmap.bench.path;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** socat, with a process for each connection. */
record Socat() implements Peer {
    private static final String PROGRAM = "socat";
    private static final int MOST = 500;

    @Override
    public String name() {
        return PROGRAM;
    }

    @Override
    public String setting() {
        return "fork, buffer of 64 KiB";
    }

    @Override
    public Optional<String> missing() {
        return Peer.missing(PROGRAM);
    }

    @Override
    public String version() {
        return Version.of(PROGRAM, "-V");
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public List<String> command(int listen, int upstream, Path folder) {
        return List.of(
                Peer.command(PROGRAM),
                "-b",
                "65536",
                "TCP-LISTEN:%d,bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=%d"
                        .formatted(listen, Origin.BACKLOG),
                "TCP:127.0.0.1:%d,nodelay".formatted(upstream));
    }
}
