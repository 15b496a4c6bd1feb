package io.jsockmap.bench.speed;

import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.Program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** uBPF's translator to machine code, in a process of its own: {@code src/main/ubpf/run.c}. */
final class UbpfPeer implements Peer {
    private static final String PROPERTY = "bench.ubpf";
    private static final int ROUNDS = 501;

    private final String harness = System.getProperty(PROPERTY, "");
    private final Path folder;

    /**
     * @param folder where programs, packets and maps are written for it
     */
    UbpfPeer(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return "uBPF";
    }

    @Override
    public Optional<String> missing() {
        if (harness.isEmpty()) return Optional.of("-D" + PROPERTY + " does not name its harness");
        if (!Files.isExecutable(Path.of(harness))) {
            return Optional.of("-D%s=%s can't be executed".formatted(PROPERTY, harness));
        }
        return Optional.empty();
    }

    /** A run is a call of a function. */
    @Override
    public boolean isNet() {
        return false;
    }

    @Override
    public double measure(SpeedSubject subject) throws IOException, InterruptedException {
        var program = subject.loadForUbpf();
        Files.createDirectories(folder);
        var code = folder.resolve("code");
        var packet = folder.resolve("packet");
        var maps = folder.resolve("maps");
        Files.write(code, program.code().encode());
        Files.write(packet, subject.packet());
        Files.write(maps, maps(subject, program));
        var command = List.of(harness, "" + code, "" + packet, "" + maps, "" + ROUNDS);
        var answer = output(command).split(" ", 2);
        subject.check(name(), Long.parseLong(answer[0]));
        return Double.parseDouble(answer[1]);
    }

    /** It has hashes only; an array is one that all indices are in. */
    private static List<String> maps(SpeedSubject subject, Program program) {
        var lines = new ArrayList<String>();
        for (int place = 0; place < program.maps().size(); place++) {
            var map = program.maps().get(place);
            lines.add("map %d %d %d".formatted(map.keySize(), map.valueSize(), map.maxEntries()));
            if (map.definition().type() == MapType.ARRAY.number()) {
                for (int index = 0; index < map.maxEntries(); index++) {
                    lines.add(element(place, Packets.u32(index), new byte[map.valueSize()]));
                }
            }
            for (var element : subject.elementsOf(map)) {
                lines.add(element(place, element.key(), element.value()));
            }
        }
        return lines;
    }

    private static String element(int place, byte[] key, byte[] value) {
        var hex = HexFormat.of();
        return "element %d %s %s".formatted(place, hex.formatHex(key), hex.formatHex(value));
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (process.waitFor() != 0) throw new IOException(command + " failed");
        return output.strip();
    }
}
