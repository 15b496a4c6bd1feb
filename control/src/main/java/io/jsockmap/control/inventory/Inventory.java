package io.jsockmap.control.inventory;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.sockmap.map.AttachType;

import java.util.List;
import java.util.Optional;

/**
 * What an engine has: programs, maps, links and types, each kind numbered from 1 as the kernel
 * numbers its own. The numbers stay the same for as long as the engine lives.
 *
 * <p>All methods may be called from any thread, and none waits for traffic. A number that is not
 * there gives a {@link BpfException} with ENOENT.
 *
 * {@snippet class="io.jsockmap.control.examples.InventoryExamples" region="elements"}
 */
public interface Inventory {
    /** What is loaded, in a word or two, for people. */
    String name();

    /** The programs, in the order of their numbers. */
    List<ProgramInfo> programs();

    /** The maps, in the order of their numbers. */
    List<MapInfo> maps();

    /** Which program is attached where, at about this moment. */
    List<LinkInfo> links();

    /** The types, in the order of their numbers. */
    List<TypesInfo> types();

    /** The types of that number. */
    Btf types(int id);

    /** The instructions of the program of that number. */
    ProgramCode code(int program);

    /** The elements of the map of that number. */
    MapContent content(int map);

    /**
     * Attaches a program to a map: sockets inserted from now on inherit it.
     *
     * @throws BpfException EINVAL if the map or the program is of another kind, EBUSY if the place
     *     is held by a link or by another kind of verdict
     */
    void attach(int program, AttachType type, int map);

    /**
     * Detaches a program from a map; sockets that have it keep it.
     *
     * @throws BpfException ENOENT if it is not attached so; otherwise as {@link #attach}
     */
    void detach(int program, AttachType type, int map);

    /**
     * A program.
     *
     * @param id its number
     * @param type its type in the kernel's words: {@code sk_skb}
     * @param name the function's name in C
     * @param tag what its instructions hash to, as Linux 6.18 does it
     * @param gplCompatible whether its license is
     * @param xlatedBytes bytes of its instructions
     * @param mapIds the maps that it refers to
     * @param typesId its object's types, or 0
     */
    record ProgramInfo(
            int id,
            String type,
            String name,
            String tag,
            boolean gplCompatible,
            int xlatedBytes,
            List<Integer> mapIds,
            int typesId) {
        public ProgramInfo {
            mapIds = List.copyOf(mapIds);
        }
    }

    /**
     * A map.
     *
     * @param id its number
     * @param type its type in the kernel's words: {@code sockhash}
     * @param name its name
     * @param flags BPF_F_ flags of its creation
     * @param keySize bytes of a key
     * @param valueSize bytes of a value
     * @param maxEntries how many elements there is room for
     * @param frozen whether only programs write
     * @param typesId its object's types, or 0
     */
    record MapInfo(
            int id,
            String type,
            String name,
            int flags,
            int keySize,
            int valueSize,
            long maxEntries,
            boolean frozen,
            int typesId) {}

    /**
     * A program in its place.
     *
     * @param id its number; a program that is attached anew has another one
     * @param programId the program
     * @param attachType as what it is attached
     * @param mapId the map, or 0 for a program that hears of connections
     * @param scope the connections that it hears of; empty for a map
     */
    record LinkInfo(
            int id, int programId, AttachType attachType, int mapId, Optional<String> scope) {}

    /**
     * The types of an object.
     *
     * @param id their number
     * @param name the object
     * @param bytes how large they are
     * @param programIds the programs of the object
     * @param mapIds the maps of the object
     */
    record TypesInfo(
            int id, String name, int bytes, List<Integer> programIds, List<Integer> mapIds) {
        public TypesInfo {
            programIds = List.copyOf(programIds);
            mapIds = List.copyOf(mapIds);
        }
    }
}
