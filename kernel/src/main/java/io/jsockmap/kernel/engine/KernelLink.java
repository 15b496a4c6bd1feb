package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Bpf.Command;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.inspect.LinkInfo;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.ProgramLink;

import java.lang.foreign.Arena;

/** A link in the kernel, for as long as it is open: a process that ends takes its links along. */
final class KernelLink implements ProgramLink {
    private static final int REPLACE = 4;

    private final Descriptor descriptor;
    private final KernelSocketMap map;
    private final AttachType attachType;
    private volatile boolean open = true;

    KernelLink(Descriptor descriptor, KernelSocketMap map, AttachType attachType) {
        this.descriptor = descriptor;
        this.map = map;
        this.attachType = attachType;
    }

    @Override
    public void update(Program successor) {
        update(KernelProgram.descriptorOf(successor), 0, 0);
    }

    @Override
    public void update(Program successor, Program expected) {
        update(
                KernelProgram.descriptorOf(successor),
                REPLACE,
                KernelProgram.descriptorOf(expected));
    }

    private synchronized void update(int successor, int flags, int expected) {
        if (!open) throw map.refused(Errno.ENOLINK, "a link that is closed");
        try (var arena = Arena.ofConfined()) {
            var attributes = attributes(arena).u32(4, successor).u32(8, flags).u32(12, expected);
            map.check(Bpf.call(Command.LINK_UPDATE, attributes), "another program in its link");
        }
    }

    @Override
    public synchronized void detach() {
        if (!open) return;
        try (var arena = Arena.ofConfined()) {
            map.check(Bpf.call(Command.LINK_DETACH, attributes(arena)), "to detach its link");
        }
    }

    private Attributes attributes(Arena arena) {
        return new Attributes(arena, 16).u32(0, descriptor.number());
    }

    @Override
    public synchronized int mapId() {
        return open ? LinkInfo.of(descriptor).map().orElse(0) : 0;
    }

    @Override
    public AttachType attachType() {
        return attachType;
    }

    @Override
    public synchronized void close() {
        if (open) descriptor.close();
        open = false;
    }
}
