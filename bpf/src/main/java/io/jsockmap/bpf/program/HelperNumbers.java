package io.jsockmap.bpf.program;

import java.util.Set;

/**
 * Helpers that are more than rows of a table, by the kernel's numbers ({@code enum bpf_func_id}).
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="calls"}
 */
public final class HelperNumbers {
    public static final int MAP_LOOKUP = 1;
    public static final int MAP_UPDATE = 2;
    public static final int MAP_DELETE = 3;
    public static final int TRACE_PRINTK = 6;
    public static final int STORE_BYTES = 9;
    public static final int TAIL_CALL = 12;
    public static final int LOAD_BYTES = 26;
    public static final int CHANGE_TAIL = 38;
    public static final int SKB_PULL = 39;
    public static final int CHANGE_HEAD = 43;
    public static final int SETSOCKOPT = 49;
    public static final int ADJUST_ROOM = 50;
    public static final int SK_REDIRECT_MAP = 52;
    public static final int SOCK_MAP_UPDATE = 53;
    public static final int CB_FLAGS_SET = 59;
    public static final int MSG_REDIRECT_MAP = 60;
    public static final int APPLY_BYTES = 61;
    public static final int CORK_BYTES = 62;
    public static final int MSG_PULL = 63;
    public static final int SOCK_HASH_UPDATE = 70;
    public static final int MSG_REDIRECT_HASH = 71;
    public static final int SK_REDIRECT_HASH = 72;
    public static final int MAP_PUSH = 87;
    public static final int MAP_POP = 88;
    public static final int MAP_PEEK = 89;
    public static final int MSG_PUSH = 90;
    public static final int MSG_POP = 91;
    public static final int RINGBUF_OUTPUT = 130;
    public static final int FOR_EACH_ELEMENT = 164;
    public static final int TRACE_VPRINTK = 177;
    public static final int KPTR_EXCHANGE = 194;
    public static final int MAP_LOOKUP_PERCPU = 195;

    public static final Set<Integer> REDIRECTS =
            Set.of(SK_REDIRECT_MAP, SK_REDIRECT_HASH, MSG_REDIRECT_MAP, MSG_REDIRECT_HASH);

    /** They insert the context's socket. */
    public static final Set<Integer> INSERTS = Set.of(SOCK_MAP_UPDATE, SOCK_HASH_UPDATE);

    /** They change how long a received message is. */
    public static final Set<Integer> RESIZES = Set.of(CHANGE_TAIL, CHANGE_HEAD, ADJUST_ROOM);

    private HelperNumbers() {}
}
