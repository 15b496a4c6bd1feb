package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Bytes that a program judges, changes, and may send elsewhere.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.ListenerExamples" region="count"}
 */
public abstract sealed class Message permits SkBuff, SkMsg {
    private final Sock socket;

    /** What can be read directly, once a program has asked for its address. */
    private ByteRegion packet;

    private Redirect redirect;

    Message(Sock socket) {
        this.socket = socket;
    }

    /** The socket that received the bytes, or shall send them. */
    public Sock socket() {
        return socket;
    }

    /** How many bytes it has, whether they can be read directly or not. */
    public abstract int length();

    /** A copy of all its bytes. */
    public abstract byte[] copy();

    /**
     * A copy of its first bytes, of a few of them at the most, for those who only want to show
     * them: it fetches nothing, and changes nothing.
     *
     * @param most how many bytes at the most
     * @return empty if the bytes are still where nobody has looked at them
     */
    public abstract Optional<byte[]> start(int most);

    /** The bytes that can be read directly. */
    abstract Chunk visible();

    /** How many bytes can be read directly. */
    public int visibleLength() {
        return visible().length();
    }

    /** Whether the program asked to be run again when more is there. */
    public boolean waitsForMore() {
        return false;
    }

    /** What a run asked for that failed does not count. */
    void forgetRequests() {}

    /** Address of the first byte that can be read directly. */
    public long data(Memory memory) {
        return memory.enterPacket(packet());
    }

    /** Address behind the last byte that can be read directly. */
    public long dataEnd(Memory memory) {
        return memory.enterPacket(packet()) + packet().size();
    }

    private ByteRegion packet() {
        if (packet == null) {
            var seen = visible();
            var all = MemorySegment.ofArray(seen.array());
            packet = ByteRegion.of("packet", all.asSlice(seen.offset(), seen.length()));
        }
        return packet;
    }

    /** Makes pointers into the packet invalid, as helpers do that may move its bytes. */
    public void movePacket(Memory memory) {
        if (packet != null) memory.revoke(packet);
        packet = null;
    }

    /** The next run sees the bytes that can be read directly now, and has chosen no target. */
    void beginRun() {
        packet = null;
        redirect = null;
    }

    /** Chooses where the message goes; null for nowhere. */
    public void redirectTo(Redirect redirect) {
        this.redirect = redirect;
    }

    /** Where it goes, or null. */
    Redirect redirect() {
        return redirect;
    }

    /** Where the program that judged it last wants it to go instead, whatever it returned. */
    public Optional<Redirect> chosen() {
        return Optional.ofNullable(redirect);
    }
}
