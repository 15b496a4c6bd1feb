package io.jsockmap.proxy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.key.Connection;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.map.SocketMap;

import java.util.Optional;

/**
 * Which socket of each connection goes into which map, under which key.
 *
 * @param map the map
 * @param btf the types of the map's key, if the object has any
 * @param key the key, computed for each connection
 * @param socket {@code client}, {@code upstream}, {@code upstream2} and so on
 */
public record Insertion(SocketMap map, Optional<Btf> btf, KeyNotation key, String socket) {

    /**
     * Inserts the socket of a connection.
     *
     * @throws BpfException what the key or the map refuses, naming this insertion
     */
    void insert(Connection connection) {
        var inserting = connection.inserting(socket);
        try {
            map.update(
                    key.key(map.definition(), btf, inserting),
                    inserting.socket(socket),
                    UpdateFlag.ANY);
        } catch (BpfException e) {
            throw new BpfException(e.errno(), "%s: %s".formatted(this, e.explanation()), e);
        }
    }

    /**
     * Checks before there is a connection, on one that might be.
     *
     * @throws BpfException if the connection will have no such socket, or the key can't be computed
     */
    void check(Connection example) {
        try {
            var inserting = example.inserting(socket);
            var _ = inserting.socket(socket);
            var _ = key.key(map.definition(), btf, inserting);
        } catch (BpfException e) {
            throw new BpfException(e.errno(), "%s: %s".formatted(this, e.explanation()), e);
        }
    }

    @Override
    public String toString() {
        return "%s[%s]=%s".formatted(map.name(), key, socket);
    }
}
