package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * nginx with its stream module, and two workers.
 *
 * @param server more lines of the section server
 */
record Nginx(String name, String setting, String server) implements Peer {
    private static final String PROGRAM = "nginx";

    /** Where Debian and others have it, if it is not built in. */
    private static final List<Path> MODULES =
            List.of(
                    Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"),
                    Path.of("/usr/lib64/nginx/modules/ngx_stream_module.so"),
                    Path.of("/etc/nginx/modules/ngx_stream_module.so"));

    static List<Nginx> all() {
        return List.of(
                new Nginx("nginx", "as it comes", ""),
                new Nginx("nginx-64k", "proxy_buffer_size of 64 KiB", "proxy_buffer_size 64k;"));
    }

    @Override
    public Optional<String> missing() {
        return Peer.missing(PROGRAM);
    }

    @Override
    public String version() {
        return Version.of(PROGRAM, "-v");
    }

    @Override
    public int most() {
        return Descriptors.connections(2);
    }

    @Override
    public List<String> command(int listen, int upstream, Path folder) throws IOException {
        var file = folder.resolve("nginx.conf");
        Files.writeString(file, configuration(listen, upstream, folder));
        return List.of(
                Peer.command(PROGRAM),
                "-p",
                folder.toString(),
                "-c",
                file.toString(),
                "-e",
                folder.resolve("error.log").toString());
    }

    private String configuration(int listen, int upstream, Path folder) {
        var module = MODULES.stream().filter(Files::exists).findFirst();
        return """
        %s
        daemon off;
        worker_processes 2;
        worker_rlimit_nofile %d;
        pid %s/nginx.pid;
        events {
            worker_connections %2$d;
        }
        stream {
            server {
                listen 127.0.0.1:%d backlog=%d;
                proxy_pass 127.0.0.1:%d;
                proxy_timeout 1h;
                %s
            }
        }
        """
                .formatted(
                        module.map("load_module %s;"::formatted).orElse(""),
                        Descriptors.LIMIT,
                        folder,
                        listen,
                        Origin.BACKLOG,
                        upstream,
                        server);
    }
}
