package io.jsockmap.bench.netty;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.netty.SockmapInitializer;
import io.jsockmap.provider.SockmapSelectorProvider;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockHash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.List;

/** How the server comes under the engine, and which programs judge it. */
enum Setup {
    BARE("without the engine"),
    HANDLER("handler, no program"),
    HANDLER_VERDICT("handler, verdict", "pass_received"),
    HANDLER_BOTH("handler, verdict and sk_msg", "pass_received", "pass_sent"),
    PROVIDER("provider, no program"),
    PROVIDER_VERDICT("provider, verdict", "pass_received"),
    PROVIDER_BOTH("provider, verdict and sk_msg", "pass_received", "pass_sent");

    private static final SelectorProvider PLATFORM = SelectorProvider.provider();

    /** What it is called. */
    final String text;

    private final List<String> programs;

    Setup(String text, String... programs) {
        this.text = text;
        this.programs = List.of(programs);
    }

    HttpServer open() throws IOException {
        return switch (this) {
            case BARE -> new HttpServer(PLATFORM, site -> site);
            case HANDLER, HANDLER_VERDICT, HANDLER_BOTH -> {
                var admission = admission();
                yield new HttpServer(PLATFORM, site -> new SockmapInitializer<>(admission, site));
            }
            case PROVIDER, PROVIDER_VERDICT, PROVIDER_BOTH ->
                    new HttpServer(
                            SockmapSelectorProvider.over(PLATFORM, admission()), site -> site);
        };
    }

    /** Brings sockets under programs that pass all. */
    private Admission admission() throws IOException {
        var engine = UserEngine.open();
        var admission = Admission.to(engine, engine.root());
        if (programs.isEmpty()) return admission;
        var root = Path.of(System.getProperty("jsockmap.root", ".."));
        var object =
                engine.load(root.resolve("sockmap/src/test/resources/programs/map-programs.bpf.o"));
        var definition = MapDefinition.of("sockets", MapType.SOCKHASH, 8, 8, 65536);
        var sockets = (SockHash) engine.create(definition);
        for (var program : programs) {
            sockets.attach(
                    object.program(program),
                    object.attachType(program).orElse(AttachType.SK_MSG_VERDICT));
        }
        return admission.with(
                socket -> sockets.update(key(socket.cookie()), socket, UpdateFlag.ANY));
    }

    private static byte[] key(long cookie) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(cookie).array();
    }
}
