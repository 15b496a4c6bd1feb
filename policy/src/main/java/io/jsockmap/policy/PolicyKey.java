package io.jsockmap.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a policy file may say: for the reader and the docs alike. */
public enum PolicyKey {
    NAME("name", "what it is called, in logs and metrics; the file's name by default"),
    OBJECT("object", "the object file, from the policy's folder"),
    SOCKETS(
            "sockets",
            "which sockets come under it: accepted, connected, datagram, unix, each with its ports"
                    + " (80, 8000-8999, a list of them) or all; everything if this is missing"),
    INSERT(
            "insert",
            "which of them go into which maps: MAP[KEY]=accepted, connected, datagram or unix;"
                    + " sock_ops programs may do that themselves"),
    SET("set", "variables and elements of maps, set before: NAME=VALUE, MAP[KEY]=VALUE"),
    ATTACH("attach", "where programs go whose sections do not tell: PROGRAM=MAP[:ATTACH]"),
    SKIP("skip", "programs that are not loaded"),
    TYPE("type", "sections that programs are taken for, by program"),
    MAX_ENTRIES("max-entries", "other sizes of maps, by map"),
    BTF("btf", "a file of the kernel's types, for CO-RE"),
    KEEP("keep", "maps that stay, with what is in them, when another version comes"),
    LIMITS(
            "limits",
            "instructions (for one message), receive-buffer and send-buffer (bytes of each"
                    + " socket), sockets (at once)");

    private final String key;
    private final String words;

    PolicyKey(String key, String words) {
        this.key = key;
        this.words = words;
    }

    static Optional<PolicyKey> of(String key) {
        return Arrays.stream(values()).filter(k -> k.key.equals(key)).findFirst();
    }

    static String list() {
        return Arrays.stream(values()).map(PolicyKey::key).collect(Collectors.joining(", "));
    }

    /** As files have it. */
    public String key() {
        return key;
    }

    /** What it says, for people. */
    public String words() {
        return words;
    }
}
