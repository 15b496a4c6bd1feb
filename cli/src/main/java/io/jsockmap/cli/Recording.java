package io.jsockmap.cli;

import io.jsockmap.sockmap.socket.ForwardingListener;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.WireListener;
import io.jsockmap.testkit.pcap.CaptureWriter;
import io.jsockmap.testkit.pcap.Spool;
import io.jsockmap.testkit.pcap.TrafficRecorder;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The options that record a run to a file, which is whole at any time but for the last second. */
final class Recording implements Companion {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"--record", "--pcap-out"},
            paramLabel = "FILE",
            description = {
                "record the bytes of all connections as pcapng,",
                "with the verdicts as comments"
            })
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--record-limit",
            paramLabel = "SIZE",
            description = "stop after so many bytes (the default is 1 GiB)")
    private long limit = 1L << 30;

    /** Nobody says anything before the service does. */
    private volatile Words words = (_, _) -> {};

    private Optional<Spool> spool = Optional.empty();
    private Optional<TrafficRecorder> recorder = Optional.empty();
    private Optional<Thread> flusher = Optional.empty();

    /** Begins the file; what was in it is gone. */
    @Override
    public synchronized void prepare() throws IOException {
        if (limit <= 0) {
            throw Mistake.of(spec, "--record-limit takes bytes, 1 or more");
        }
        if (file.isPresent()) recorder = Optional.of(recorder(file.get()));
        recorder.ifPresent(
                to ->
                        flusher =
                                Optional.of(
                                        Thread.ofPlatform()
                                                .daemon()
                                                .name("recording")
                                                .start(() -> flushNowAndThen(to))));
    }

    private TrafficRecorder recorder(Path to) throws IOException {
        try {
            var settings = CaptureWriter.Settings.DEFAULT.withLimit(limit);
            var file = new Spool(Files.newOutputStream(to), Spool.ROOM);
            spool = Optional.of(file);
            return new TrafficRecorder(
                    new CaptureWriter(file, settings), InstantSource.system(), this::stopped);
        } catch (FileSystemException e) {
            throw new IOException("can't record to %s: %s".formatted(to, reason(e)), e);
        }
    }

    private void stopped(String why) {
        words.say("recording to %s stopped: %s", file.orElseThrow(), why);
    }

    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such folder";
            case AccessDeniedException _ -> "permission denied";
            default -> e.getReason();
        };
    }

    @Override
    public SockListener hearing(SockListener listener) {
        return recorder.<SockListener>map(to -> new Both(listener, to)).orElse(listener);
    }

    @Override
    public void started(Running running) {
        words = running.words();
        file.ifPresent(to -> running.words().say("recording to %s, at most %,d bytes", to, limit));
    }

    private static void flushNowAndThen(TrafficRecorder recorder) {
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
    public synchronized void stop() throws IOException {
        flusher.ifPresent(Thread::interrupt);
        if (recorder.isPresent()) recorder.get().close();
        spool.ifPresent(this::tellWhatIsLeftOut);
        spool = Optional.empty();
    }

    private void tellWhatIsLeftOut(Spool of) {
        if (of.leftOut() == 0) return;
        words.say(
                "recording to %s: %,d bytes of packets are left out, as they came faster than the"
                        + " file could be written",
                file.orElseThrow(), of.leftOut());
    }

    /** The recorder hears bytes and verdicts, the other one everything but bytes. */
    private static final class Both extends ForwardingListener {
        private final TrafficRecorder recorder;

        Both(SockListener listener, TrafficRecorder recorder) {
            super(listener);
            this.recorder = recorder;
        }

        @Override
        public Optional<WireListener> wire() {
            return Optional.of(recorder);
        }

        @Override
        public void judged(Judgement judgement) {
            recorder.judged(judgement);
            super.judged(judgement);
        }
    }
}
