package io.jsockmap.dashboard;

import io.jsockmap.dashboard.state.State;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Where the state of a running proxy comes from. */
@FunctionalInterface
public interface StateSource {
    /**
     * The state now.
     *
     * @throws IOException if the proxy does not answer, or with something else
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    State state() throws IOException, InterruptedException;

    /**
     * A proxy that was started with {@code --http}.
     *
     * @param address as it was given there
     */
    static StateSource http(InetSocketAddress address) {
        return new HttpStateSource(address);
    }
}
