package io.jsockmap.bench.sockets;

import io.jsockmap.bench.FreshJvm;
import io.jsockmap.bench.Progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measures what sockets without a network cost, from 100 to 100,000 of them in 1 GiB of heap. */
public final class Sockets {
    private static final List<Integer> COUNTS = List.of(100, 1_000, 10_000, 100_000);

    private Sockets() {}

    /** Writes {@code performance-sockets.md} into a folder. */
    public static void measure(Path target) throws IOException, InterruptedException {
        var report = new StringBuilder();
        report.append(
                """
                | sockets | KiB each | ns a message, all by turns | ns a message, 16 pairs | ns of it the verdict | bytes allocated a message |
                | --: | --: | --: | --: | --: | --: |
                """);
        var progress = new Progress("sockets", COUNTS.size());
        for (int count : COUNTS) {
            var figures = run(count);
            progress.done("%,d of them".formatted(count));
            report.append(
                    "| %,d | %.2f | %.0f | %.0f | %.0f | %.0f |%n"
                            .formatted(
                                    count,
                                    figures.kib(),
                                    figures.all(),
                                    figures.few(),
                                    figures.verdict(),
                                    figures.allocated()));
        }
        IO.println(report);
        Files.writeString(target.resolve("performance-sockets.md"), report.toString());
    }

    private static Run.Figures run(int sockets) throws IOException, InterruptedException {
        var root = System.getProperty("jsockmap.root", ".");
        var options = List.of("-Xmx1g", "-Djsockmap.root=" + root);
        return Run.Figures.parse(FreshJvm.run(options, Run.class, List.of("" + sockets)));
    }
}
