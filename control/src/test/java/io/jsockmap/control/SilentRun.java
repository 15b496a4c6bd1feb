package io.jsockmap.control;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that listens and was stopped: the system lets clients connect, as long as it can. */
final class SilentRun implements AutoCloseable {
    private final ServerSocketChannel listening;
    private final UnixDomainSocketAddress address;
    private final List<SocketChannel> waiting = new ArrayList<>();

    SilentRun(Path path) throws IOException {
        address = UnixDomainSocketAddress.of(path);
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address, 1);
    }

    /** As many clients wait as may. */
    void crowd() throws IOException {
        boolean hasRoom = true;
        while (hasRoom) hasRoom = connect();
    }

    private boolean connect() throws IOException {
        var client = SocketChannel.open(StandardProtocolFamily.UNIX);
        waiting.add(client);
        client.configureBlocking(false);
        try {
            return client.connect(address);
        } catch (SocketException _) {
            // EAGAIN: one would have to wait.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (var client : waiting) client.close();
    }
}
