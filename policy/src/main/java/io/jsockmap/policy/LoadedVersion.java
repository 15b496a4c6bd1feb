package io.jsockmap.policy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.map.SocketMap;
import io.jsockmap.sockmap.map.Succession;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.setup.Insertion;
import io.jsockmap.sockmap.socket.Sock;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A version whose object is loaded, and its programs attached, but for those of sock_ops.
 *
 * @param putBack undoes what it set in maps that were there before
 */
record LoadedVersion(
        Version version, UserObject object, List<Insertion> insertions, Runnable putBack) {

    /**
     * @param present what it will follow, whose maps are kept where both say so
     * @throws BpfException if the object is refused, or the policy does not fit it
     */
    static LoadedVersion load(UserEngine engine, Version version, Optional<LoadedVersion> present) {
        var file = version.file();
        var spec = version.object();
        var options = file.setup().loadOptions(spec);
        for (var name : file.kept()) {
            var before = present.map(p -> p.object.maps().get(name));
            if (before.isEmpty()) continue;
            if (before.get() instanceof SocketMap) throw movesByItself(version, name);
            options = options.withMap(name, before.get());
        }
        var object = engine.load(spec, options);
        try {
            file.setup().attachToMaps(object);
            var insertions =
                    file.insertions().stream().map(text -> Insertion.parse(object, text)).toList();
            check(version, object, insertions);
            var putBack = file.setup().exchangeElements(object);
            return new LoadedVersion(version, object, insertions, putBack);
        } catch (BpfException e) {
            object.close();
            throw e;
        }
    }

    private static void check(Version version, UserObject object, List<Insertion> insertions) {
        for (var name : version.file().kept()) {
            if (!object.maps().containsKey(name)) {
                throw refused(version, Errno.ENOENT, name, "is no map");
            }
            if (object.maps().get(name) instanceof SocketMap) throw movesByItself(version, name);
        }
        for (var insertion : insertions) {
            if (Role.of(insertion.socket()).isPresent()) continue;
            throw new BpfException(
                    Errno.EINVAL,
                    "insert: %s: the socket is none of accepted, connected, datagram, unix"
                            .formatted(insertion));
        }
    }

    private static BpfException movesByItself(Version version, String map) {
        return refused(
                version, Errno.EINVAL, map, "is a map of sockets, and sockets move by themselves");
    }

    private static BpfException refused(Version version, Errno errno, String map, String problem) {
        return new BpfException(
                errno, "keep: %s of %s %s".formatted(map, version.object().name(), problem));
    }

    /** It does not come into force: what was there before is as it was. */
    void giveUp() {
        try {
            putBack.run();
        } finally {
            object.close();
        }
    }

    /** The programs that hear of connections. */
    List<Program> sockOps() {
        return object.programs().values().stream().filter(SocketPrograms::isSockOps).toList();
    }

    /**
     * Puts a socket into the maps where it belongs.
     *
     * @throws BpfException if one refuses it
     */
    void insert(Role role, Sock socket) {
        var connection = connection(role, socket);
        of(role).forEach(insertion -> insertion.insert(connection));
    }

    /**
     * Where a socket that is there already belongs in maps that another version did not have.
     *
     * @throws BpfException if a key can't be computed
     */
    List<Succession.Place> morePlaces(Role role, Sock socket, LoadedVersion before) {
        var connection = connection(role, socket);
        return of(role).filter(
                        insertion -> !before.object.maps().containsKey(insertion.map().name()))
                .map(
                        insertion ->
                                new Succession.Place(
                                        object.socketMap(insertion.map().name()),
                                        insertion.keyOf(connection)))
                .toList();
    }

    private Stream<Insertion> of(Role role) {
        return insertions.stream().filter(insertion -> insertion.socket().equals(role.word()));
    }

    private static NamedSockets connection(Role role, Sock socket) {
        return new NamedSockets(socket.cookie(), Map.of(role.word(), socket), role.word());
    }
}
