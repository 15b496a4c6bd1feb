package io.jsockmap.cli;

import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.socket.Addresses;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

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
        var stop = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    stop.countDown();
                                    await(ended);
                                }));
        try (engine;
                var object = options.load(engine);
                var proxy = options.startInKernel(object, this::say)) {
            say("engine %s".formatted(engine.name()));
            say("listening on %s%s".formatted(Addresses.print(proxy.address()), options.target()));
            stop.await();
            say("%d connections were served".formatted(proxy.served()));
        } finally {
            ended.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String text) {
        out.println(text);
        out.flush();
    }
}
