package io.jsockmap.sockmap.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import java.nio.file.Path;

/**
 * The network on the engine under test, with the test programs. {@link #close} checks that no byte
 * was lost or made up.
 */
public final class Network extends InMemoryNetwork {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Path PROGRAMS = ROOT.resolve("sockmap/src/test/resources/programs");

    private final Delivery delivery;

    public Network() {
        this(Limits.DEFAULT);
    }

    /** Shows programs as little of a message as is legal. */
    public Network(Limits limits) {
        this(limits, Delivery.HOSTILE);
    }

    public Network(Limits limits, Delivery delivery) {
        super(Engines.SETTINGS.with(limits).with(delivery));
        this.delivery = delivery;
    }

    /** How much of a message it shows. */
    public Delivery delivery() {
        return delivery;
    }

    /** Loads one of the test programs. */
    public UserObject load(String name) {
        return engine().load(PROGRAMS.resolve(name + ".bpf.o"));
    }

    /** Loads one of the test programs with changes. */
    public UserObject load(String name, LoadOptions options) {
        return engine().load(ObjectReader.read(PROGRAMS.resolve(name + ".bpf.o")), options);
    }

    /** Loads one of the examples. */
    public UserObject loadExample(String name) {
        return engine().load(ROOT.resolve("examples").resolve(name).resolve(name + ".bpf.o"));
    }

    /** A connection between two sockets of the engine, to a server's port. */
    public Wire wire(int serverPort) {
        var there = addresses("127.0.0.1", nextPort(), "127.0.0.1", serverPort);
        var client = connected(there);
        var server = accepted(there.reversed());
        return new Wire(client, server);
    }

    /** Checks the accounts of every socket there ever was; the network can go on. */
    @Override
    public void close() {
        assertThat(violations()).isEmpty();
    }
}
