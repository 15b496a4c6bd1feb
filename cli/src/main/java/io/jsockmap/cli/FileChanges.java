package io.jsockmap.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Waits until files change. It looks at them now and then: that works on every file system. */
final class FileChanges {
    private final List<Path> files;
    private final Pause pause;
    private Map<Path, FileTime> seen;

    /** What one does between two looks. */
    @FunctionalInterface
    interface Pause {
        /** A fifth of a second. */
        Pause SHORT = () -> Thread.sleep(200);

        void take() throws InterruptedException;
    }

    FileChanges(List<Path> files, Pause pause) {
        this.files = List.copyOf(files);
        this.pause = pause;
        seen = times();
    }

    /** Returns when one of them is another than when this was called last, or made. */
    void await() throws InterruptedException {
        var now = times();
        while (now.equals(seen)) {
            pause.take();
            now = times();
        }
        seen = now;
    }

    private Map<Path, FileTime> times() {
        Map<Path, FileTime> times = new HashMap<>();
        for (var file : files) {
            try {
                times.put(file, Files.getLastModifiedTime(file));
            } catch (IOException _) {
                // It is gone for a moment, as editors do it: it counts as changed when it is back.
            }
        }
        return times;
    }
}
