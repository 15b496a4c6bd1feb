package io.jsockmap.kernel.inspect;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Bpf.Command;
import io.jsockmap.kernel.call.Descriptor;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The maps, programs and links that the running kernel has, whoever made them.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="inspect"}
 */
public final class KernelObjects {
    private KernelObjects() {}

    /**
     * All maps.
     *
     * @throws BpfException EPERM without CAP_SYS_ADMIN
     */
    public static List<MapInfo> maps() {
        return all(Command.MAP_GET_NEXT_ID, Command.MAP_GET_FD_BY_ID, MapInfo::of);
    }

    /**
     * All programs.
     *
     * @throws BpfException EPERM without CAP_SYS_ADMIN
     */
    public static List<ProgramInfo> programs() {
        return all(Command.PROG_GET_NEXT_ID, Command.PROG_GET_FD_BY_ID, ProgramInfo::of);
    }

    /**
     * All links.
     *
     * @throws BpfException EPERM without CAP_SYS_ADMIN
     */
    public static List<LinkInfo> links() {
        return all(Command.LINK_GET_NEXT_ID, Command.LINK_GET_FD_BY_ID, LinkInfo::of);
    }

    /**
     * A descriptor of a map, to be closed.
     *
     * @throws BpfException ENOENT if there is none of that id
     */
    public static Descriptor map(int id) {
        return Descriptor.of(open(Command.MAP_GET_FD_BY_ID, id), "map " + id);
    }

    /**
     * A descriptor of a program, to be closed.
     *
     * @throws BpfException ENOENT if there is none of that id
     */
    public static Descriptor program(int id) {
        return Descriptor.of(open(Command.PROG_GET_FD_BY_ID, id), "program " + id);
    }

    private static <T> List<T> all(Command next, Command open, Function<Descriptor, T> info) {
        List<T> all = new ArrayList<>();
        try (var arena = Arena.ofConfined()) {
            int id = 0;
            while (true) {
                var attributes = new Attributes(arena, 12).u32(0, id);
                var answer = Bpf.call(next, attributes);
                if (answer.is(Errno.ENOENT)) return all;
                Descriptor.check(answer, "to list what it has");
                id = attributes.u32(4);
                var opened = open(open, id);
                // It may have gone in between.
                if (opened.is(Errno.ENOENT)) continue;
                try (var object = Descriptor.of(opened, "object " + id)) {
                    all.add(info.apply(object));
                }
            }
        }
    }

    private static Bpf.Answer open(Command command, int id) {
        try (var arena = Arena.ofConfined()) {
            return Bpf.call(command, new Attributes(arena, 12).u32(0, id));
        }
    }
}
