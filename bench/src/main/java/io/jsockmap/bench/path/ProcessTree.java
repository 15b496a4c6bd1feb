package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a process and its children take, from /proc. Those that are gone count as nothing. */
final class ProcessTree {
    /** Linux tells times in hundredths of a second, on all machines that Java runs on. */
    private static final double TICKS = 100;

    private final ProcessHandle root;

    ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /** Seconds of CPU so far, in user and system mode, with those of children that have ended. */
    double cpu() {
        return sum(pid -> ticks(read(pid, "stat"))) / TICKS;
    }

    /** Bytes of memory; what is shared between processes counts in parts. */
    long memory() {
        return sum(pid -> proportional(read(pid, "smaps_rollup")));
    }

    private long sum(ToLongFunction<Long> one) {
        return Stream.concat(Stream.of(root), root.descendants())
                .map(ProcessHandle::pid)
                .mapToLong(one)
                .sum();
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", "" + pid, file));
        } catch (IOException _) {
            return "";
        }
    }

    /** utime, stime, cutime and cstime of a stat file. */
    static long ticks(String stat) {
        // The name in brackets may have blanks and brackets itself.
        int name = stat.lastIndexOf(')');
        if (name < 0) return 0;
        var fields = stat.substring(name + 2).split(" ", -1);
        long ticks = 0;
        for (int i = 11; i <= 14; i++) ticks += Long.parseLong(fields[i]);
        return ticks;
    }

    /** The bytes of the line Pss of a smaps_rollup file. */
    static long proportional(String rollup) {
        return rollup.lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]) * 1024)
                .sum();
    }
}
