package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A chart for each load. */
final class Charts {
    private Charts() {}

    static void write(Results results, List<Load> loads, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (var load : loads) {
            var peers = results.peers(load);
            if (peers.isEmpty()) continue;
            var better = load == Load.IDLE ? "less is better" : "more is better";
            var title = "%s: %s, %s".formatted(load.title(), load.kind().unit(), better);
            var bars =
                    peers.stream()
                            .map(
                                    peer -> {
                                        double value =
                                                results.median(load, peer, Figure.VALUE)
                                                        .orElseThrow();
                                        return new BarChart.Bar(
                                                peer,
                                                value,
                                                load.kind().print(value),
                                                peer.startsWith("jsockmap"));
                                    })
                            .toList();
            var file = folder.resolve("path-" + load.label() + ".svg");
            Files.writeString(file, new BarChart(title, bars).svg());
        }
    }
}
