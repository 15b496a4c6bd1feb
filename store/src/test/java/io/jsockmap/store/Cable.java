package io.jsockmap.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** The network to a server of this host, which can be cut. */
final class Cable implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;
    private volatile CountDownLatch thaw = new CountDownLatch(0);

    Cable(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    StoreAddress address() {
        return StoreAddress.of("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Breaks all connections, and from now on those that are tried. */
    void cut() {
        isCut = true;
        open.forEach(Cable::close);
    }

    void mend() {
        isCut = false;
        thaw.countDown();
    }

    /** From now on nothing gets through, and nobody is told. */
    void freeze() {
        thaw = new CountDownLatch(1);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException _) {
                // The listener is closed, which ends this, or nobody is there for now.
            }
        }
    }

    private void connect(Socket near) throws IOException {
        open.add(near);
        if (isCut) {
            close(near);
            return;
        }
        try {
            var far = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(far);
            Thread.ofVirtual().start(() -> carry(near, far));
            Thread.ofVirtual().start(() -> carry(far, near));
            // It may have been cut meanwhile.
            if (isCut) cut();
        } catch (IOException e) {
            close(near);
            throw e;
        }
    }

    private void carry(Socket from, Socket to) {
        try (from;
                to) {
            var buffer = new byte[1 << 16];
            for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
                thaw.await();
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException | InterruptedException _) {
            // It was cut.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is of no use any more either way.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
        thaw.countDown();
    }
}
