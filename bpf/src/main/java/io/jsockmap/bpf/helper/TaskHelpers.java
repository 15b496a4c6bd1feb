package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.CallTrait.GPL_ONLY;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.Structure;
import io.jsockmap.bpf.program.Task.PidNamespace;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;

/** Helpers that tell on whose behalf the program runs. */
final class TaskHelpers {
    static final List<Helper> ALL =
            List.of(
                    Helper.of(14, TaskHelpers::pidTgid, Result.NUMBER),
                    Helper.of(15, TaskHelpers::uidGid, Result.NUMBER),
                    Helper.of(16, TaskHelpers::name, Result.NUMBER, WRITABLE, SIZE),
                    // A task_struct is the kernel's: here nobody has one, and its address is null.
                    Helper.of(35, (_, _) -> 0, Result.NUMBER).with(GPL_ONLY),
                    Helper.of(
                            120,
                            TaskHelpers::inNamespace,
                            Result.NUMBER,
                            NUMBER,
                            NUMBER,
                            WRITABLE,
                            SIZE),
                    Helper.of(158, (_, _) -> 0, Result.STRUCTURE)
                            .with(GPL_ONLY)
                            .giving(Structure.opaque("task_struct")));

    /** TASK_COMM_LEN of the kernel, which counts the zero byte. */
    private static final int NAME_SIZE = 16;

    /** Bytes of a {@code struct bpf_pidns_info}: thread, process. */
    private static final int PIDNS_INFO_SIZE = 8;

    private TaskHelpers() {}

    private static long pidTgid(Run run, long[] a) {
        var task = run.environment().task().get();
        return (long) task.process() << 32 | Integer.toUnsignedLong(task.thread());
    }

    private static long uidGid(Run run, long[] a) {
        var task = run.environment().task().get();
        return (long) task.group() << 32 | Integer.toUnsignedLong(task.user());
    }

    private static long name(Run run, long[] a) {
        var target = run.memory().writable(a[0], a[1]);
        if (a[1] == 0) return Errno.EINVAL.negative();
        var name = run.environment().task().get().name().getBytes(UTF_8);
        long length = Math.min(name.length, Math.min(a[1], NAME_SIZE) - 1);
        target.fill((byte) 0);
        MemorySegment.copy(MemorySegment.ofArray(name), 0, target, 0, length);
        return 0;
    }

    private static long inNamespace(Run run, long[] a) {
        var target = run.memory().writable(a[2], a[3]);
        target.fill((byte) 0);
        if (a[3] != PIDNS_INFO_SIZE) return Errno.EINVAL.negative();
        var task = run.environment().task().get();
        var named = new PidNamespace(a[0], a[1]);
        if (!named.equals(task.namespace()) || named.equals(PidNamespace.NONE)) {
            return Errno.EINVAL.negative();
        }
        var number = JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        target.set(number, 0, task.thread());
        target.set(number, Integer.BYTES, task.process());
        return 0;
    }
}
