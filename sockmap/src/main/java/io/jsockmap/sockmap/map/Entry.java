package io.jsockmap.sockmap.map;

import io.jsockmap.sockmap.socket.Inherited;
import io.jsockmap.sockmap.socket.Link;
import io.jsockmap.sockmap.socket.Sock;

/** A socket under a key. Each entry counts for itself, also several of one socket. */
public final class Entry implements Link {
    private final SocketMap map;
    private final byte[] key;
    private final Sock socket;
    private final Inherited inherited;
    private final boolean byProgram;

    Entry(SocketMap map, byte[] key, Sock socket, Inherited inherited, boolean byProgram) {
        this.map = map;
        this.key = key;
        this.socket = socket;
        this.inherited = inherited;
        this.byProgram = byProgram;
    }

    /** A copy of the key. */
    public byte[] key() {
        return key.clone();
    }

    public Sock socket() {
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
        return map.place(key);
    }
}
