package io.jsockmap.sockmap.program;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Run;

/**
 * Helpers for options in TCP headers, which user space does not see: after the kernel's checks of
 * the arguments comes the answer for a callback that has no packet.
 */
final class HeaderOptions {
    /** BPF_LOAD_HDR_OPT_TCP_SYN: look in the SYN that was saved. */
    private static final long IN_SAVED_SYN = 1;

    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;

    /** Kind and length. */
    private static final int SHORTEST = 2;

    private HeaderOptions() {}

    /** EINVAL for wrong arguments, ENOENT as no SYN is saved, EPERM as there is no packet. */
    static long load(Run run, long[] a) {
        run.context(a[0], SockOps.class);
        var option = run.memory().writable(a[1], a[2]);
        if ((a[3] & ~IN_SAVED_SYN) != 0 || option.byteSize() < SHORTEST) {
            return Errno.EINVAL.negative();
        }
        int kind = Byte.toUnsignedInt(option.get(JAVA_BYTE, 0));
        if (kind == END_OF_OPTIONS || kind == NO_OPERATION) return Errno.EINVAL.negative();
        return a[3] == IN_SAVED_SYN ? Errno.ENOENT.negative() : Errno.EPERM.negative();
    }

    /** EPERM: only WRITE_HDR_OPT_CB may, which never comes. */
    static long store(Run run, long[] a) {
        run.context(a[0], SockOps.class);
        run.memory().readable(a[1], a[2]);
        return Errno.EPERM.negative();
    }

    /** EPERM: only HDR_OPT_LEN_CB may, which never comes. */
    static long reserve(Run run, long[] a) {
        run.context(a[0], SockOps.class);
        return Errno.EPERM.negative();
    }
}
