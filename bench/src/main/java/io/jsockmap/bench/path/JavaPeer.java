package io.jsockmap.bench.path;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A proxy in a JVM of its own, with the launcher's options and two threads.
 *
 * @param each descriptors that a connection takes
 * @param needs what must be there
 * @param arguments what else java is told
 */
record JavaPeer(String name, String setting, int each, Path needs, Arguments arguments)
        implements Peer {

    /** What java is told, for two ports. */
    interface Arguments {
        List<String> of(int listen, int upstream);
    }

    /** Plain Netty, which copies, and Netty with splice(2). */
    static List<JavaPeer> netty() {
        return List.of(
                netty("netty", "epoll, plain copying", 2, NettyProxy.COPY),
                // A pipe for each direction.
                netty("netty-splice", "epoll, spliceTo", 6, NettyProxy.SPLICE));
    }

    private static JavaPeer netty(String name, String setting, int each, String how) {
        return new JavaPeer(
                name,
                setting,
                each,
                Path.of(System.getProperty("java.home")),
                (listen, upstream) ->
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                NettyProxy.class.getName(),
                                how,
                                "" + listen,
                                "" + upstream));
    }

    /**
     * Ours, as the launcher starts them.
     *
     * @param root a checkout in which the command line is built
     */
    static List<JavaPeer> jsockmap(Path root) {
        return List.of(
                splice(PathBench.OUR_SPLICE, root),
                jsockmap(
                        PathBench.OUR_HTTP,
                        root,
                        "http-policy",
                        "examples/http-policy: every message is parsed and judged",
                        List.of("--attach", "parse=clients", "--attach", "judge=clients"),
                        List.of(
                                "clients[cookie]=client",
                                "servers[{client=client.cookie, choice=0}]=upstream",
                                "servers[{client=client.cookie, choice=1}]=upstream2")));
    }

    /**
     * Our splice example.
     *
     * @param name what it is called in the tables
     * @param root as {@link #jsockmap}
     */
    static JavaPeer splice(String name, Path root) {
        return jsockmap(
                name,
                root,
                "splice",
                "examples/splice: a program that never looks at the bytes",
                List.of(),
                List.of("peers[client.cookie]=upstream", "peers[upstream.cookie]=client"));
    }

    private static JavaPeer jsockmap(
            String name,
            Path root,
            String example,
            String setting,
            List<String> more,
            List<String> insertions) {
        var lib = root.resolve("cli/target/jsockmap/lib");
        var object = root.resolve("examples", example, example + ".bpf.o");
        boolean isSplice = more.isEmpty();
        return new JavaPeer(
                name,
                setting,
                isSplice ? 2 : 3,
                lib,
                (listen, upstream) -> {
                    var to = List.of("--to", "127.0.0.1:" + upstream);
                    var arguments = new ArrayList<>(launcher(root, lib));
                    arguments.addAll(List.of("run", object.toString()));
                    arguments.addAll(List.of("--listen", "127.0.0.1:" + listen));
                    arguments.addAll(to);
                    if (!isSplice) arguments.addAll(to);
                    arguments.addAll(more);
                    insertions.forEach(one -> arguments.addAll(List.of("--insert", one)));
                    return arguments;
                });
    }

    private static List<String> launcher(Path root, Path lib) {
        return List.of(
                "-Djsockmap.home=" + root,
                "--enable-native-access=io.netty.common,io.jsockmap.kernel,io.jsockmap.proxy",
                "--sun-misc-unsafe-memory-access=allow",
                "-p",
                lib.toString(),
                "--add-modules",
                "ALL-MODULE-PATH",
                "-m",
                "io.jsockmap.cli/io.jsockmap.cli.Main");
    }

    @Override
    public Optional<String> missing() {
        return Files.exists(needs) ? Optional.empty() : Optional.of(needs + " is not there");
    }

    @Override
    public int most() {
        return Descriptors.connections(each);
    }

    @Override
    public List<String> command(int listen, int upstream, Path folder) {
        var java = Path.of(System.getProperty("java.home"), "bin/java");
        return Stream.concat(
                        Stream.of(
                                java.toString(),
                                "-XX:+UseSerialGC",
                                "-XX:MaxTenuringThreshold=2",
                                "-XX:ActiveProcessorCount=2"),
                        arguments.of(listen, upstream).stream())
                .toList();
    }
}
