package io.jsockmap.bpf.elf;

/**
 * A symbol of an object file.
 *
 * @param name its name; a section's symbol has the section's
 * @param type its ELF type
 * @param binding local 0, global 1, weak 2
 * @param visibility who sees it besides: default 0, internal 1, hidden 2, protected 3
 * @param section the number of the section it lies in, 0 if it is not defined here
 * @param value its offset in the section, in bytes
 * @param size its size in bytes
 */
public record Symbol(
        String name, int type, int binding, int visibility, int section, long value, long size) {
    static final int SECTION = 3;
    static final int RESERVED = 0xff00;

    private static final int FUNCTION = 2;
    private static final int WEAK = 2;
    private static final int LOCAL = 0;
    private static final int INTERNAL = 1;
    private static final int HIDDEN = 2;

    /** Whether it names a function. */
    public boolean isFunction() {
        return type == FUNCTION;
    }

    /** Whether it stands for a whole section. */
    public boolean isSection() {
        return type == SECTION;
    }

    /** Whether it is to be found elsewhere. */
    public boolean isExternal() {
        return section == 0;
    }

    /** Whether it may be missing. */
    public boolean isWeak() {
        return binding == WEAK;
    }

    /** Whether only what is linked into the same object sees it. */
    public boolean isHidden() {
        return visibility == INTERNAL || visibility == HIDDEN;
    }

    /** Whether it is {@code static} in C. */
    public boolean isLocal() {
        return binding == LOCAL;
    }
}
