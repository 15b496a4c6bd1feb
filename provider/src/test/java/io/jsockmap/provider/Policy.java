package io.jsockmap.provider;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/** An engine with the program {@code tally}, which all sockets get that are opened in it. */
final class Policy implements Admission {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    final UserEngine engine = Engines.open();
    private final UserObject object =
            engine.load(ROOT.resolve("provider/src/test/resources/programs/tally.bpf.o"));
    private final boolean judging;

    private Policy(boolean judging) {
        this.judging = judging;
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("receive"), AttachType.SK_SKB_VERDICT);
        sockets.attach(object.program("transmit"), AttachType.SK_MSG_VERDICT);
    }

    /** Sockets are in a map whose programs judge what they send and receive. */
    static Policy judging() {
        return new Policy(true);
    }

    /** Sockets are under the engine, and no program runs. */
    static Policy idle() {
        return new Policy(false);
    }

    /** Bytes that the program saw coming in. */
    long received() {
        return object.variable("received").value();
    }

    /** Bytes that the program saw going out over TCP. */
    long sent() {
        return object.variable("sent").value();
    }

    /** Both ends of some connections were here: each byte of their bodies was judged four times. */
    void checkBothWays(long bytes) {
        System.out.printf("bodies %d received %d sent %d%n", bytes, received(), sent());
        HttpTraffic.check(received() > 2 * bytes, "the verdict did not see all bytes");
        HttpTraffic.check(sent() > 2 * bytes, "the sk_msg program did not see all bytes");
    }

    void shouts() {
        object.variable("shouts").set(1);
    }

    /** What one socket receives another one sends to its peer. */
    void relays(Sock from, Sock to) {
        object.sockHash("relays").update(cookie(from), to, UpdateFlag.ANY);
        object.variable("relaying").set(1);
    }

    /** What one socket receives the application of another one reads. */
    void handsOver(Sock from, Sock to) {
        object.variable("to_application").set(1);
        relays(from, to);
    }

    /** What any socket sends goes out at one of them. */
    void forwards(Sock to) {
        object.sockHash("relays").update(new byte[Long.BYTES], to, UpdateFlag.ANY);
        object.variable("forwarding").set(1);
    }

    @Override
    public Optional<Sock> accepted(Addresses addresses, Transport transport) {
        return insert(engine.accepted(addresses, transport));
    }

    @Override
    public Optional<Sock> connected(Addresses addresses, Transport transport) {
        return insert(engine.connected(addresses, transport));
    }

    @Override
    public Optional<Sock> opened(Addresses addresses, Transport transport) {
        return insert(engine.opened(addresses, transport));
    }

    private Optional<Sock> insert(Sock socket) {
        // An unconnected socket can be in maps too, as on Linux a bound one of UDP can.
        if (judging) object.sockHash("sockets").update(cookie(socket), socket, UpdateFlag.ANY);
        return Optional.of(socket);
    }

    private static byte[] cookie(Sock socket) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(socket.cookie())
                .array();
    }

    @Override
    public void closed(Sock socket) {
        engine.closed(socket);
    }
}
