package io.jsockmap.kernel.inspect;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.kernel.call.Descriptor;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * What the kernel tells of a link ({@code struct bpf_link_info}).
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="inspect"}
 *
 * @param id its number in this kernel
 * @param type the kernel's number of its type; 14 for a link to a map of sockets
 * @param program the id of the program it holds
 * @param map the id of the map of sockets, 0 once it is detached; empty for other links
 * @param attachType the kernel's number of the slot; empty for links of other kinds
 */
public record LinkInfo(int id, int type, int program, OptionalInt map, OptionalInt attachType) {
    private static final int SIZE = 64;
    private static final int SOCKMAP = 14;

    /**
     * Asks.
     *
     * @throws BpfException if it is no link
     */
    public static LinkInfo of(Descriptor link) {
        return ObjectInfo.of(link, SIZE, "a link", LinkInfo::read);
    }

    private static LinkInfo read(MemorySegment info) {
        int type = info.get(JAVA_INT, 0);
        boolean toMap = type == SOCKMAP;
        return new LinkInfo(
                info.get(JAVA_INT, 4),
                type,
                info.get(JAVA_INT, 8),
                toMap ? OptionalInt.of(info.get(JAVA_INT, 16)) : OptionalInt.empty(),
                toMap ? OptionalInt.of(info.get(JAVA_INT, 20)) : OptionalInt.empty());
    }
}
