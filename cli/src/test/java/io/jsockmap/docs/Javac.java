package io.jsockmap.docs;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The compiler, for what is written outside of this build and uses its classes. */
final class Javac {
    private Javac() {}

    /** What the compiler says of the files, with these options: nothing, if all is well. */
    static String compile(Path classes, List<Path> sources, String... options) {
        var javac = ToolProvider.findFirst("javac").orElseThrow();
        var said = new StringWriter();
        var out = new PrintWriter(said);
        var arguments =
                Stream.of(
                                Stream.of(
                                        "-proc:none", "-d", classes.toString(), "-cp", classPath()),
                                Stream.of(options),
                                sources.stream().map(Path::toString))
                        .flatMap(stream -> stream)
                        .toArray(String[]::new);
        int code = javac.run(out, out, arguments);
        return code == 0 ? said.toString() : said + "exit code " + code;
    }

    /** All of this build: modules are jars and folders like others to a project that has none. */
    static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
