package io.jsockmap.testkit.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the source files of an object are found: at the path that the compiler saw, in some folders
 * under the whole of that path or the end of it, or nowhere.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="report"}
 *
 * @param folders the folders, the first one first
 */
public record SourceFiles(List<Path> folders) {
    public SourceFiles {
        folders = List.copyOf(folders);
    }

    /**
     * The files of an object.
     *
     * @param object its file, beside which sources are looked for
     * @param sourcePath folders where they are looked for before
     */
    public static SourceFiles of(Path object, List<Path> sourcePath) {
        return of(List.of(object), sourcePath);
    }

    /** The same of several objects. */
    public static SourceFiles of(List<Path> objects, List<Path> sourcePath) {
        Set<Path> folders = new LinkedHashSet<>(sourcePath);
        for (var object : objects) {
            var beside = object.toAbsolutePath().getParent();
            if (beside != null) folders.add(beside);
        }
        return new SourceFiles(List.copyOf(folders));
    }

    /** The file of a name as the compiler saw it, if it is found. */
    public Optional<Path> find(String name) {
        var path = Path.of(name);
        if (path.isAbsolute() && Files.isRegularFile(path)) return Optional.of(path);
        for (var folder : folders) {
            for (int from = 0; from < path.getNameCount(); from++) {
                var candidate = folder.resolve(path.subpath(from, path.getNameCount()).toString());
                if (Files.isRegularFile(candidate)) return Optional.of(candidate.normalize());
            }
        }
        return Optional.empty();
    }

    /** The lines of such a file, if it is found and can be read. */
    public Optional<List<String>> lines(String name) {
        return find(name).flatMap(SourceFiles::read);
    }

    private static Optional<List<String>> read(Path file) {
        try {
            return Optional.of(
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
