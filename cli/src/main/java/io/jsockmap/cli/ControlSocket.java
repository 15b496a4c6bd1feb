package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.control.ControlFolder;
import io.jsockmap.control.ControlServer;
import io.jsockmap.control.inventory.EngineInventory;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The options that say whether a run can be asked what it has, and where. */
final class ControlSocket implements Companion {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = {
                "the socket by which prog, map, link and btf ask",
                "this run; by default one of its own"
            })
    private Optional<Path> path = Optional.empty();

    @Option(names = "--no-control", description = "no such socket")
    private boolean off;

    /** Stopped by whoever ends the process, at any time. */
    private volatile Optional<FutureTask<ControlServer>> opening = Optional.empty();

    /** Begins to make the socket, while the object is loaded. */
    @Override
    public void prepare() {
        if (off && path.isPresent()) {
            throw Mistake.of(spec, "--control and --no-control exclude each other");
        }
        if (off || path.isEmpty() && !ControlFolder.isSupported()) return;
        var task = new FutureTask<>(this::make);
        opening = Optional.of(task);
        Thread.ofPlatform().daemon().name("control socket").start(task);
    }

    private ControlServer make() throws IOException {
        return path.isPresent() ? ControlServer.open(path.get()) : ControlFolder.ofUser().open();
    }

    /**
     * Answers from now on. A run that nobody said shall have a socket goes on without one, and says
     * why.
     */
    @Override
    public void started(Running running) throws IOException, InterruptedException {
        if (opening.isEmpty()) return;
        try {
            var server = opening.get().get();
            server.serve(new EngineInventory(running.engine(), List.of(running.object())));
            running.words().say("control socket %s", server.path());
        } catch (ExecutionException e) {
            if (path.isPresent()) throw reason(e);
            running.words().say("no control socket: %s", e.getCause().getMessage());
        }
    }

    private static IOException reason(ExecutionException e) {
        return switch (e.getCause()) {
            case BpfException refused -> throw refused;
            case IOException failed -> failed;
            default -> throw new IllegalStateException(e.getCause());
        };
    }

    /** Deletes the socket. */
    @Override
    public void stop() throws IOException {
        if (opening.isEmpty()) return;
        try {
            opening.get().get().close();
        } catch (ExecutionException _) {
            // Then there is none.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
