package io.jsockmap.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What an application's socket is to a policy: how it came to be.
 *
 * {@snippet class="io.jsockmap.policy.examples.PolicyExamples" region="file"}
 */
public enum Role {
    /** A TCP connection that was accepted; its port is the local one. */
    ACCEPTED,
    /** A TCP connection that this side asked for; its port is the remote one. */
    CONNECTED,
    /** A socket of datagrams, UDP or UNIX; its port is the local one. */
    DATAGRAM,
    /** A UNIX stream; it has no port. */
    UNIX;

    /** As policies name it, and the socket in {@code MAP[KEY]=SOCKET}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}
