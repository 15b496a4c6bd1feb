package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.map.Key;
import io.jsockmap.sockmap.socket.Inherited;
import io.jsockmap.sockmap.socket.PsockLink;
import io.jsockmap.sockmap.socket.Sock;

import java.util.Optional;

/**
 * A socket under a key. Each entry counts for itself, also several of one socket.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="entries"}
 */
public final class Entry implements PsockLink {
    private final UserSocketMap map;
    private final Key key;

    /** Never empty: made once, so that no lookup makes one. */
    private final Optional<Sock> socket;

    private final Inherited inherited;
    private final boolean byProgram;

    /** What took its place when its map was replaced, or null. */
    private volatile Entry heir;

    Entry(UserSocketMap map, Key key, Sock socket, Inherited inherited, boolean byProgram) {
        this.map = map;
        this.key = key;
        this.socket = Optional.of(socket);
        this.inherited = inherited;
        this.byProgram = byProgram;
    }

    /** The same in another map, with that map's programs. */
    Entry in(UserSocketMap other) {
        return new Entry(other, key, socket(), other.programs(), byProgram);
    }

    void setHeir(Entry successor) {
        heir = successor;
    }

    /** What took its place when its map was replaced. */
    Optional<Entry> heir() {
        return Optional.ofNullable(heir);
    }

    /** A copy of the key. */
    public byte[] key() {
        return key.bytes();
    }

    UserSocketMap map() {
        return map;
    }

    /** The key as tables keep it. */
    Key tableKey() {
        return key;
    }

    public Sock socket() {
        return socket.orElseThrow();
    }

    /** What a lookup of the key gives. */
    Optional<Sock> found() {
        return socket;
    }

    @Override
    public Inherited inherited() {
        return inherited;
    }

    @Override
    public boolean isByProgram() {
        return byProgram;
    }

    @Override
    public void remove() {
        map.removeEntry(this);
    }

    @Override
    public String place() {
        return map.place(key.bytes());
    }
}
