package io.jsockmap.cli;

import io.jsockmap.testkit.pcap.CaptureWriter;
import io.jsockmap.testkit.pcap.Recorder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The file to which {@code run} records, which is whole at any time but for the last second. */
final class Recording implements AutoCloseable {
    private final Recorder recorder;
    private final Thread flusher;

    private Recording(Recorder recorder) {
        this.recorder = recorder;
        flusher = Thread.ofPlatform().daemon().name("recording").start(this::flushNowAndThen);
    }

    /**
     * Begins a file; what was in it is gone.
     *
     * @param limit how many bytes it may have
     * @param words hears why recording stopped by itself
     * @throws IOException if the file can't be written
     */
    static Recording start(Path file, long limit, Consumer<String> words) throws IOException {
        try {
            var settings = CaptureWriter.Settings.DEFAULT.withLimit(limit);
            var writer = new CaptureWriter(Files.newOutputStream(file), settings);
            return new Recording(
                    new Recorder(
                            writer,
                            InstantSource.system(),
                            why ->
                                    words.accept(
                                            "recording to %s stopped: %s".formatted(file, why))));
        } catch (FileSystemException e) {
            throw new IOException("can't record to %s: %s".formatted(file, reason(e)), e);
        }
    }

    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such folder";
            case AccessDeniedException _ -> "permission denied";
            default -> e.getReason();
        };
    }

    Recorder recorder() {
        return recorder;
    }

    private void flushNowAndThen() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                recorder.flush();
            }
        } catch (InterruptedException _) {
            // Closed: there is nothing to be flushed any more.
        }
    }

    @Override
    public void close() throws IOException {
        flusher.interrupt();
        recorder.close();
    }
}
