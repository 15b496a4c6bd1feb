package io.jsockmap.testkit.dap;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.debug.Session;
import io.jsockmap.testkit.source.SourceFiles;

import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.TerminatedEventArguments;
import org.eclipse.lsp4j.debug.launch.DSPLauncher;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An editor's end of the protocol, in this process. */
public final class Client implements IDebugProtocolClient {
    /** After so long a test hangs: a guard only, nothing is decided by it. */
    private static final int HANG_SECONDS = 120;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final IDebugProtocolServer server;
    private final Thread serving;
    private volatile String description;

    Client(Session session, SourceFiles files) throws IOException {
        this(new Launching(Optional.of(session), Optional.empty()), files);
    }

    Client(Launching launching, SourceFiles files) throws IOException {
        var toServer = new PipedOutputStream();
        var atServer = new PipedInputStream(toServer, 1 << 16);
        var toClient = new PipedOutputStream();
        var atClient = new PipedInputStream(toClient, 1 << 16);
        serving =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> DapServer.serve(launching, files, atServer, toClient));
        var launcher = DSPLauncher.createClientLauncher(this, atClient, toServer);
        var _ = launcher.startListening();
        server = launcher.getRemoteProxy();
    }

    IDebugProtocolServer server() {
        return server;
    }

    /** What an answer is, once it is there. */
    static <T> T get(CompletableFuture<T> answer) throws Exception {
        return answer.get(HANG_SECONDS, TimeUnit.SECONDS);
    }

    /** The next event: its name and what it says. */
    String event() throws InterruptedException {
        var event = events.poll(HANG_SECONDS, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return event;
    }

    /** Whether the server has ended. */
    boolean isOver() throws InterruptedException {
        return serving.join(Duration.ofSeconds(HANG_SECONDS));
    }

    @Override
    public void initialized() {
        events.add("initialized");
    }

    /** How the last stop is shown to people. */
    String description() {
        return description;
    }

    @Override
    public void stopped(StoppedEventArguments event) {
        description = event.getDescription();
        var text = event.getText() == null ? "" : ": " + event.getText();
        events.add("stopped by " + event.getReason() + text);
    }

    @Override
    public void output(OutputEventArguments event) {
        events.add("output " + event.getOutput().strip());
    }

    @Override
    public void terminated(TerminatedEventArguments event) {
        events.add("terminated");
    }
}
