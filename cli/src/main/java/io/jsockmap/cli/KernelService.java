package io.jsockmap.cli;

import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.socket.Addresses;

import java.io.IOException;
import java.io.PrintWriter;

/** A proxy on the kernel's sockmap that serves until the process is told to end. */
final class KernelService {
    private final PrintWriter out;
    private final ProxyOptions options;

    KernelService(PrintWriter out, ProxyOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Serves, and closes the engine at the end. */
    void run(SockmapEngine engine) throws IOException, InterruptedException {
        try (var end = new UntilEnded(() -> {});
                engine;
                var object = options.load(engine);
                var proxy = options.startInKernel(object, this::say)) {
            say("engine %s".formatted(engine.name()));
            say("listening on %s%s".formatted(Addresses.print(proxy.address()), options.target()));
            end.await();
            int left = proxy.drain(options.drain());
            if (left > 0) say("%d sockets are still open: closed".formatted(left));
            say("%d connections were served".formatted(proxy.served()));
        }
    }

    private void say(String text) {
        out.println(text);
        out.flush();
    }
}
