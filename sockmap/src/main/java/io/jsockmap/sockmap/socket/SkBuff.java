package io.jsockmap.sockmap.socket;

/** What a parser or a receive verdict looks at: the object behind {@code struct __sk_buff}. */
public final class SkBuff extends Message {
    private long priority;
    private long tcIndex;

    SkBuff(Sock socket, Chunk bytes) {
        super(socket, bytes);
    }

    public long priority() {
        return priority;
    }

    public void setPriority(long priority) {
        this.priority = priority;
    }

    public long tcIndex() {
        return tcIndex;
    }

    public void setTcIndex(long tcIndex) {
        this.tcIndex = tcIndex;
    }
}
