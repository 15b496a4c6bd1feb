package io.jsockmap.testkit.lint;

import java.util.Set;

/** The helpers that rules are about, by the kernel's numbers ({@code enum bpf_func_id}). */
final class HelperNumbers {
    static final int MAP_UPDATE = 2;
    static final int TRACE_PRINTK = 6;
    static final int STORE_BYTES = 9;
    static final int TAIL_CALL = 12;
    static final int LOAD_BYTES = 26;
    static final int CHANGE_TAIL = 38;
    static final int SKB_PULL = 39;
    static final int CHANGE_HEAD = 43;
    static final int SETSOCKOPT = 49;
    static final int ADJUST_ROOM = 50;
    static final int SK_REDIRECT_MAP = 52;
    static final int SOCK_MAP_UPDATE = 53;
    static final int CB_FLAGS_SET = 59;
    static final int MSG_REDIRECT_MAP = 60;
    static final int APPLY_BYTES = 61;
    static final int CORK_BYTES = 62;
    static final int MSG_PULL = 63;
    static final int SOCK_HASH_UPDATE = 70;
    static final int MSG_REDIRECT_HASH = 71;
    static final int SK_REDIRECT_HASH = 72;
    static final int MSG_PUSH = 90;
    static final int MSG_POP = 91;
    static final int RINGBUF_OUTPUT = 130;
    static final int TRACE_VPRINTK = 177;

    static final Set<Integer> REDIRECTS =
            Set.of(SK_REDIRECT_MAP, SK_REDIRECT_HASH, MSG_REDIRECT_MAP, MSG_REDIRECT_HASH);

    /** They insert the context's socket. */
    static final Set<Integer> INSERTS = Set.of(SOCK_MAP_UPDATE, SOCK_HASH_UPDATE);

    /** They change how long a received message is. */
    static final Set<Integer> RESIZES = Set.of(CHANGE_TAIL, CHANGE_HEAD, ADJUST_ROOM);

    private HelperNumbers() {}
}
