package io.jsockmap.bench;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserEngine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that is verified.
 *
 * @param object the name of its object, without an ending
 * @param program loaded, but not verified
 */
record Subject(String object, Program program) {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Path FIXTURES = ROOT.resolve("sockmap/src/test/resources/programs");
    private static final String ENDING = ".bpf.o";

    /** All programs of our types, in the order of their objects. */
    static List<Subject> all() throws IOException {
        return Stream.of(
                        examples(),
                        objects(FIXTURES),
                        objects(ROOT.resolve("bpf/src/test/resources/objects")))
                .flatMap(List::stream)
                .flatMap(Subject::of)
                .toList();
    }

    /** The objects that users see first. */
    static List<Path> examples() throws IOException {
        return objects(ROOT.resolve("examples"));
    }

    /** The objects of thousands of instructions. */
    static List<Path> large() throws IOException {
        return objects(FIXTURES).stream().filter(f -> nameOf(f).startsWith("large-")).toList();
    }

    /** The name of an object file, without its ending. */
    static String nameOf(Path file) {
        var name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }

    String name() {
        return object + " " + program.name();
    }

    private static List<Path> objects(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
        }
    }

    /** Fixtures are there that can't be loaded, on purpose. */
    private static Stream<Subject> of(Path file) {
        // Nothing is run, so nothing is to be compiled meanwhile.
        var settings = UserEngine.Settings.DEFAULT.with(new Interpreter());
        try (var engine = UserEngine.open(settings)) {
            var object = engine.load(ObjectReader.read(file), LoadOptions.DEFAULT.unverified());
            return object.programs().values().stream()
                    .map(program -> new Subject(nameOf(file), program));
        } catch (BpfException e) {
            return Stream.empty();
        }
    }
}
