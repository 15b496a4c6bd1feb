package io.jsockmap.sockmap.setup;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.map.SocketMap;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which socket of each connection goes into which map, under which key.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.SetupExamples" region="setup"}
 *
 * @param map the map
 * @param btf the types of the map's key, if the object has any
 * @param key the key, computed for each connection
 * @param socket its name in the connection, such as {@code client}
 */
public record Insertion(SocketMap map, Optional<Btf> btf, KeyNotation key, String socket) {

    /**
     * What {@code MAP[KEY]=SOCKET} says.
     *
     * @throws BpfException EINVAL if it is written otherwise, ENOENT if the object has no such map
     */
    public static Insertion parse(SockmapObject object, String text) {
        var element =
                Element.parse(text)
                        .orElseThrow(
                                () ->
                                        new BpfException(
                                                Errno.EINVAL,
                                                "--insert %s: expected MAP[KEY]=SOCKET"
                                                        .formatted(text)));
        var key = KeyNotation.parse(element.key());
        var map = object.socketMap(element.map());
        return new Insertion(map, object.spec().btf(), key, element.value());
    }

    /**
     * Inserts the socket of a connection.
     *
     * @throws BpfException what the key or the map refuses, naming this insertion
     */
    public void insert(NamedSockets connection) {
        var _ =
                named(
                        () -> {
                            var inserting = connection.inserting(socket);
                            map.update(keyFor(inserting), inserting.socket(socket), UpdateFlag.ANY);
                            return inserting;
                        });
    }

    /**
     * Where it would put the socket of a connection.
     *
     * @throws BpfException if the key can't be computed, naming this insertion
     */
    public byte[] keyOf(NamedSockets connection) {
        return named(() -> keyFor(connection.inserting(socket)));
    }

    /**
     * Checks before there is a connection, on one that might be.
     *
     * @throws BpfException if the connection will have no such socket, or the key can't be computed
     */
    public void check(NamedSockets example) {
        var _ =
                named(
                        () -> {
                            var inserting = example.inserting(socket);
                            var _ = inserting.socket(socket);
                            return keyFor(inserting);
                        });
    }

    private byte[] keyFor(NamedSockets inserting) {
        return key.key(map.definition(), btf, inserting);
    }

    private <T> T named(Supplier<T> part) {
        try {
            return part.get();
        } catch (BpfException e) {
            throw new BpfException(e.errno(), "%s: %s".formatted(this, e.explanation()), e);
        }
    }

    @Override
    public String toString() {
        return "%s[%s]=%s".formatted(map.name(), key, socket);
    }
}
