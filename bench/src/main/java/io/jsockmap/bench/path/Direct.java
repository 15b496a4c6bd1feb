package io.jsockmap.bench.path;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Nobody between client and origin. */
record Direct() implements Peer {
    @Override
    public String name() {
        return "direct";
    }

    @Override
    public String setting() {
        return "no proxy";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public int most() {
        return Integer.MAX_VALUE;
    }

    @Override
    public List<String> command(int listen, int upstream, Path folder) {
        throw new IllegalStateException("nobody is started");
    }
}
