package io.jsockmap.testkit.dap;

import io.jsockmap.testkit.debug.Session;
import io.jsockmap.testkit.source.SourceFiles;

import org.eclipse.lsp4j.debug.launch.DSPLauncher;
import org.eclipse.lsp4j.jsonrpc.MessageConsumer;
import org.eclipse.lsp4j.jsonrpc.messages.RequestMessage;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Lets an editor debug a session by the Debug Adapter Protocol: forward and back, as all has been
 * recorded.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="serve"}
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
    public static void serve(Session session, SourceFiles files, InputStream in, OutputStream out) {
        serve(new Launching(Optional.of(session), Optional.empty()), files, in, out);
    }

    /**
     * The same with what the client says when it launches: {@code scenario}, a file, perhaps with
     * {@code only}, a part of a scenario's name, and {@code play}, a way.
     *
     * @param launching what is debugged
     */
    public static void serve(
            Launching launching, SourceFiles files, InputStream in, OutputStream out) {
        var adapter = new Adapter(launching, files);
        // Its thread may wait for input for ever: it is left behind, and keeps no process alive.
        var reader = Executors.newCachedThreadPool(DapServer::daemon);
        var launcher =
                DSPLauncher.createServerLauncher(
                        adapter, in, out, reader, consumer -> answering(adapter, consumer));
        adapter.connect(launcher.getRemoteProxy());
        var listening = launcher.startListening();
        var ended = CompletableFuture.runAsync(() -> await(listening), reader);
        CompletableFuture.anyOf(ended, adapter.disconnected()).join();
        reader.shutdownNow();
    }

    private static void await(Future<Void> listening) {
        try {
            listening.get();
        } catch (ExecutionException _) {
            // The stream is broken, so the client is gone.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
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
