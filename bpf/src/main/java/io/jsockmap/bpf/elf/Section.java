package io.jsockmap.bpf.elf;

/**
 * A section of an object file.
 *
 * @param index its number
 * @param name its name
 * @param type its ELF type
 * @param flags its ELF flags
 * @param size its size in bytes, also where it has none in the file (.bss)
 * @param link the number of the section it refers to
 * @param info what else it refers to
 * @param bytes its contents; empty where it has none in the file
 */
public record Section(
        int index, String name, int type, long flags, int size, int link, int info, byte[] bytes) {
    static final int NULL = 0;
    static final int SYMTAB = 2;
    static final int RELA = 4;
    static final int NOBITS = 8;
    static final int REL = 9;

    private static final int PROGBITS = 1;
    private static final long ALLOCATED = 0x2;
    private static final long EXECUTABLE = 0x4;

    /** Whether it holds instructions. */
    public boolean isCode() {
        return type == PROGBITS && (flags & EXECUTABLE) != 0 && size > 0;
    }

    /** Whether it holds data, with bytes in the file or without. */
    public boolean isData() {
        return (type == PROGBITS || type == NOBITS)
                && (flags & ALLOCATED) != 0
                && (flags & EXECUTABLE) == 0;
    }
}
