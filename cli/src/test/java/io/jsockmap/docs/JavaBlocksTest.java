package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Java of the README and of the docs is compiled with what the modules export. */
class JavaBlocksTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Pattern EXPORT = Pattern.compile("exports (\\S+);");

    /** What a program of today would import besides. */
    private static final List<String> OTHERS =
            List.of(
                    "java.io",
                    "java.nio",
                    "java.nio.channels.spi",
                    "java.nio.file",
                    "java.time",
                    "java.util",
                    "io.micrometer.core.instrument",
                    "io.netty.bootstrap",
                    "io.netty.channel",
                    "io.netty.channel.nio",
                    "io.netty.channel.socket.nio");

    /** Of two classes of that name, what a page means. */
    private static final Map<String, String> MEANT =
            Map.of(
                    "coverage.md", "io.jsockmap.testkit.cover.Coverage",
                    "debugging.md", "io.jsockmap.testkit.record.Ending",
                    "testing.md", "io.jsockmap.testkit.junit.Named");

    /** What the reader of a page has, by the names that the page gives it. */
    private static final Map<String, String> READERS =
            Map.of(
                    "README.md",
                    "java.nio.channels.SocketChannel socketChannel; ByteBuffer buffer, reply;",
                    "captures.md",
                    "Path file;",
                    "coverage.md",
                    "UserObject object;",
                    "debugging.md",
                    """
                    List<RecordedRun> runsOfMyTest() { return List.of(); }
                    SourceFiles files; BufferedReader reader; PrintWriter writer;
                    Session session; InputStream in; OutputStream out;
                    """,
                    "kernel.md",
                    "java.nio.channels.SocketChannel socketChannel; ByteBuffer buffer, reply;",
                    "netty.md",
                    """
                    UserEngine engine; ServerBootstrap bootstrap;
                    class HttpServerInitializer extends ChannelInitializer<Channel> {
                        protected void initChannel(Channel channel) {}
                    }
                    """,
                    "policy.md",
                    "byte[] key, value;",
                    "store.md",
                    "String password; MeterRegistry registry;",
                    "testing.md",
                    "Script script; TestSocket client; byte[] bytes; Path file;");

    @Test
    void everyPageCompiles(@TempDir Path folder) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (var page : pages()) {
            var lines = Files.readAllLines(page);
            if (!lines.contains("```java")) continue;
            var source = folder.resolve(page.getFileName() + ".java");
            sources.add(Files.writeString(source, source(page, lines)));
        }

        assertThat(sources).hasSizeGreaterThan(10);
        assertThat(Javac.compile(folder, sources)).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        try (var docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
                    .filter(page -> page.toString().endsWith(".md"))
                    .toList();
        }
    }

    /** All blocks of a page, one behind the other, in the lines where the page has them. */
    private static String source(Path page, List<String> lines) throws IOException {
        var name = page.getFileName().toString();
        var source = new StringBuilder();
        for (var imported : imports()) source.append("import %s.*; ".formatted(imported));
        if (MEANT.containsKey(name)) source.append("import %s; ".formatted(MEANT.get(name)));
        source.append("class %s { ".formatted(name.replace(".md", "Page")));
        source.append(READERS.getOrDefault(name, "").replace('\n', ' '));
        source.append("void page() throws Exception {");
        boolean java = false;
        for (var line : lines) {
            if (line.equals("```")) java = false;
            // An ellipsis stands for what a reader would do there.
            if (java) source.append(line.replace("…", "{}"));
            source.append('\n');
            if (line.equals("```java")) java = true;
        }
        return source.append("}}").toString();
    }

    private static List<String> imports() throws IOException {
        List<String> packages = new ArrayList<>(OTHERS);
        try (var modules = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
            for (var module : modules) {
                var descriptor = module.resolve("src/main/java/module-info.java");
                if (!Files.exists(descriptor)) continue;
                EXPORT.matcher(Files.readString(descriptor))
                        .results()
                        .map(found -> found.group(1))
                        .forEach(packages::add);
            }
        }
        return packages;
    }
}
