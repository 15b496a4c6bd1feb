package io.jsockmap.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** nginx as it comes with the system, as a child process with two sites of its own. */
final class Nginx implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private final Process process;
    private final InetSocketAddress site;
    private final InetSocketAddress guard;

    private Nginx(Process process, InetSocketAddress site, InetSocketAddress guard) {
        this.process = process;
        this.site = site;
        this.guard = guard;
    }

    /**
     * Serves the folder {@code site}, where files may also be put, and says 403 on another port.
     */
    static Nginx start(Path folder) throws Exception {
        var site = Loopback.nobody();
        var guard = Loopback.nobody();
        Files.createDirectories(folder.resolve("site"));
        Files.createDirectories(folder.resolve("temporary"));
        var configuration = folder.resolve("nginx.conf");
        Files.writeString(configuration, configuration(folder, site.getPort(), guard.getPort()));
        var process =
                new ProcessBuilder(
                                PROGRAM.toString(),
                                "-p",
                                folder.toString(),
                                "-c",
                                configuration.toString(),
                                "-e",
                                folder.resolve("error.log").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("nginx.log").toFile())
                        .start();
        var nginx = new Nginx(process, site, guard);
        nginx.awaitListening(site);
        nginx.awaitListening(guard);
        return nginx;
    }

    private static String configuration(Path folder, int site, int guard) {
        return """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        events {}
        http {
            access_log off;
            client_body_temp_path %1$s/temporary;
            proxy_temp_path %1$s/temporary;
            fastcgi_temp_path %1$s/temporary;
            uwsgi_temp_path %1$s/temporary;
            scgi_temp_path %1$s/temporary;
            client_max_body_size 100m;
            server {
                listen 127.0.0.1:%2$d;
                root %1$s/site;
                dav_methods PUT;
            }
            server {
                listen 127.0.0.1:%3$d;
                location / { return 403 "the guard\\n"; }
            }
        }
        """
                .formatted(folder, site, guard);
    }

    private void awaitListening(InetSocketAddress address) throws IOException, TimeoutException {
        long hangs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Loopback.HANG_SECONDS);
        while (process.isAlive() && System.nanoTime() < hangs) {
            try (var _ = Loopback.connect(address)) {
                return;
            } catch (ConnectException _) {
                Thread.onSpinWait();
            }
        }
        throw new TimeoutException("nginx does not listen on " + address);
    }

    InetSocketAddress site() {
        return site;
    }

    InetSocketAddress guard() {
        return guard;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(Loopback.HANG_SECONDS, TimeUnit.SECONDS).join();
    }
}
