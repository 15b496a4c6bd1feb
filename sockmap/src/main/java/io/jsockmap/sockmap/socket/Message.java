package io.jsockmap.sockmap.socket;

import java.nio.ByteBuffer;

/** Bytes that a program judges, and may send elsewhere. */
public sealed interface Message permits SkBuff, SkMsg {

    /** The socket that received the bytes, or shall send them. */
    Sock socket();

    /** Chooses where the message goes; null for nowhere. */
    void redirectTo(Redirect redirect);

    /** Where it goes, or null. */
    Redirect redirect();

    /** Its bytes, as the program left them. */
    ByteBuffer buffer();
}
