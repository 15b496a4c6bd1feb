package io.jsockmap.dashboard.page;

import io.jsockmap.dashboard.state.SocketRow;
import io.jsockmap.dashboard.state.State;

import java.util.List;

/** States that are alike but for a part. */
final class Copies {
    private Copies() {}

    static State withSockets(State state, List<SocketRow> sockets) {
        return new State(
                state.format(),
                state.time(),
                state.uptimeSeconds(),
                state.object(),
                state.listening(),
                state.rates(),
                state.history(),
                state.programs(),
                state.socketCount(),
                sockets,
                state.edges(),
                state.groups(),
                state.groupEdges(),
                state.maps(),
                state.sampledOneIn(),
                state.messages(),
                state.incidents(),
                state.counts());
    }
}
