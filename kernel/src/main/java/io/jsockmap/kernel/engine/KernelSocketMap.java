package io.jsockmap.kernel.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Bpf.Command;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockHash;
import io.jsockmap.sockmap.map.SockMap;
import io.jsockmap.sockmap.map.SocketMap;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** A map of sockets in the kernel. */
abstract sealed class KernelSocketMap extends KernelMap implements SocketMap {
    private static final int ATTACH_SIZE = 20;
    private static final int QUERY_SIZE = 32;

    private final Loaded loaded;

    private KernelSocketMap(MapDefinition definition, Descriptor descriptor, Loaded loaded) {
        super(definition, descriptor);
        this.loaded = loaded;
    }

    /** By index. */
    static final class ByIndex extends KernelSocketMap implements SockMap {
        ByIndex(MapDefinition definition, Descriptor descriptor, Loaded loaded) {
            super(definition, descriptor, loaded);
        }
    }

    /** By key. */
    static final class ByKey extends KernelSocketMap implements SockHash {
        ByKey(MapDefinition definition, Descriptor descriptor, Loaded loaded) {
            super(definition, descriptor, loaded);
        }
    }

    @Override
    public void update(byte[] key, SockmapSocket socket, UpdateFlag flag) {
        if (!(socket instanceof KernelSocket mine)) {
            throw refused(Errno.ENOTSOCK, "socket %s of another engine".formatted(socket));
        }
        var value = ByteBuffer.allocate(valueSize()).order(ByteOrder.nativeOrder());
        value.putInt(0, mine.descriptor());
        update(key, value.array(), flag);
    }

    @Override
    public void attach(Program program, AttachType type) {
        check(onSlot(Command.PROG_ATTACH, program, type), "to attach %s as %s", program, type);
    }

    @Override
    public void detach(Program program, AttachType type) {
        check(onSlot(Command.PROG_DETACH, program, type), "to detach %s as %s", program, type);
    }

    private Bpf.Answer onSlot(Command command, Program program, AttachType type) {
        try (var arena = Arena.ofConfined()) {
            var attributes =
                    new Attributes(arena, ATTACH_SIZE)
                            .u32(0, descriptor().number())
                            .u32(4, KernelProgram.descriptorOf(program))
                            .u32(8, type.number());
            return Bpf.call(command, attributes);
        }
    }

    private void check(Bpf.Answer answer, String what, Program program, AttachType type) {
        if (!answer.isSuccess()) check(answer, what.formatted(program, type));
    }

    /**
     * {@inheritDoc}
     *
     * @throws BpfException ENOENT for a program that another process has attached; the message has
     *     its id
     */
    @Override
    public Optional<Program> attached(AttachType type) {
        try (var arena = Arena.ofConfined()) {
            var attributes =
                    new Attributes(arena, QUERY_SIZE)
                            .u32(0, descriptor().number())
                            .u32(4, type.number())
                            .u32(24, 1);
            var ids = attributes.room(16, Integer.BYTES);
            check(Bpf.call(Command.PROG_QUERY, attributes), "to tell the program of " + type);
            if (attributes.u32(24) == 0) return Optional.empty();
            int id = ids.get(JAVA_INT, 0);
            return Optional.of(loaded.program(id).orElseThrow(() -> foreign(id)));
        }
    }

    private BpfException foreign(int id) {
        return new BpfException(
                Errno.ENOENT,
                "program %d, attached to %s, is not of this engine".formatted(id, this));
    }

    @Override
    public KernelLink link(Program program, AttachType type) {
        try (var arena = Arena.ofConfined()) {
            var attributes =
                    new Attributes(arena, 16)
                            .u32(0, KernelProgram.descriptorOf(program))
                            .u32(4, descriptor().number())
                            .u32(8, type.number());
            var answer = Bpf.call(Command.LINK_CREATE, attributes);
            check(answer, "a link of %s as %s", program, type);
            return new KernelLink(new Descriptor(answer.value()), this, type);
        }
    }
}
