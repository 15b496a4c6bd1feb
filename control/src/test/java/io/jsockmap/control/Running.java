package io.jsockmap.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.control.inventory.EngineInventory;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** An engine with an object of everything, and sockets without a network. */
final class Running implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final UserEngine engine = Engines.open();
    private final UserObject object =
            engine.load(Path.of("src/test/resources/programs/inventory.bpf.o").toAbsolutePath());
    private final EngineInventory inventory = new EngineInventory(engine, List.of(object));
    private int ports = 1000;

    EngineInventory inventory() {
        return inventory;
    }

    UserObject object() {
        return object;
    }

    UserEngine engine() {
        return engine;
    }

    void attach(String program, AttachType type) {
        object.sockMap("sockets").attach(object.program(program), type);
    }

    /** A socket that is in no map; its peer has a port of its own, from 1001. */
    Sock socket() {
        return engine.accepted(
                new Addresses(
                        new InetSocketAddress(LOOPBACK, 80),
                        new InetSocketAddress(LOOPBACK, ++ports)),
                Transport.NONE);
    }

    void insert(int index) {
        object.sockMap("sockets").update(index, socket(), UpdateFlag.ANY);
    }

    /** The answer to a request in JSON with single quotes. */
    JsonElement ask(String request) throws IOException {
        try (var control = new LocalControl(inventory)) {
            return control.ask(request(request));
        }
    }

    static JsonObject request(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    @Override
    public void close() {
        engine.close();
    }
}
