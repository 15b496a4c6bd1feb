package io.jsockmap.sockmap;

import io.jsockmap.bpf.object.LoadedObject;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.map.UserSocketMap;

import java.util.List;
import java.util.Optional;

/**
 * An object of the engine in user space, whose maps tell more.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="scope"}
 */
public final class UserObject extends SockmapObject {
    UserObject(LoadedObject object) {
        super(object);
    }

    @Override
    public List<UserSocketMap> socketMaps() {
        return maps().values().stream()
                .filter(UserSocketMap.class::isInstance)
                .map(UserSocketMap.class::cast)
                .toList();
    }

    @Override
    public UserSockMap sockMap(String name) {
        return as(UserSockMap.class, "sockmap", name);
    }

    @Override
    public UserSockHash sockHash(String name) {
        return as(UserSockHash.class, "sockhash", name);
    }

    @Override
    public UserSocketMap socketMap(String name) {
        return as(UserSocketMap.class, "map of sockets", name);
    }

    @Override
    public Optional<UserSocketMap> attachMap(String program) {
        return mapOf(program).map(this::socketMap);
    }

    /**
     * Takes all programs and sockets out of the maps that are not shared by name: at once, or where
     * links hold programs of a map, with the last of them.
     */
    @Override
    public void close() {
        for (var map : socketMaps()) {
            if (!map.definition().pinnedByName()) map.abandon();
        }
    }
}
