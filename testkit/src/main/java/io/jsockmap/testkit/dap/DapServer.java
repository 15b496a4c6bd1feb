package io.jsockmap.testkit.dap;

import io.jsockmap.testkit.debug.Session;
import io.jsockmap.testkit.source.SourceFiles;

import org.eclipse.lsp4j.debug.launch.DSPLauncher;
import org.eclipse.lsp4j.jsonrpc.MessageConsumer;
import org.eclipse.lsp4j.jsonrpc.messages.RequestMessage;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Lets an editor debug a session by the Debug Adapter Protocol: forward and back, as all has been
 * recorded.
 */
public final class DapServer {
    private DapServer() {}

    /**
     * Serves one client until it disconnects, or its stream ends.
     *
     * @param files where sources are
     * @param in what the client says
     * @param out what it is told
     */
    public static void serve(Session session, SourceFiles files, InputStream in, OutputStream out)
            throws InterruptedException {
        var adapter = new Adapter(session, files);
        // The reader may wait for input for ever; the process must not wait for it.
        try (var reader = Executors.newCachedThreadPool(DapServer::daemon)) {
            var launcher =
                    DSPLauncher.createServerLauncher(
                            adapter, in, out, reader, consumer -> answering(adapter, consumer));
            adapter.connect(launcher.getRemoteProxy());
            var listening = launcher.startListening();
            var ended =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    listening.get();
                                } catch (ExecutionException | InterruptedException _) {
                                    // The stream is broken, or nobody waits any more.
                                    Thread.currentThread().interrupt();
                                }
                            },
                            reader);
            CompletableFuture.anyOf(ended, adapter.disconnected()).join();
            listening.cancel(true);
            reader.shutdownNow();
        }
    }

    private static Thread daemon(Runnable task) {
        return Thread.ofPlatform().daemon().name("debug adapter").unstarted(task);
    }

    /** What a request brings about is told behind its answer. */
    private static MessageConsumer answering(Adapter adapter, MessageConsumer consumer) {
        return message -> {
            consumer.consume(message);
            if (message instanceof RequestMessage) adapter.answered();
        };
    }
}
