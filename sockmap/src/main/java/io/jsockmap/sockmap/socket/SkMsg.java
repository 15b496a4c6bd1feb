package io.jsockmap.sockmap.socket;

/** A message on its way out: the object behind {@code struct sk_msg_md}. */
public final class SkMsg extends Message {
    /** As much as the kernel's ring of 17 elements of 32 KiB takes; a longer send is cut. */
    public static final int MAX_SIZE = 17 * 32768;

    SkMsg(Sock socket, Chunk bytes) {
        super(socket, bytes);
    }
}
