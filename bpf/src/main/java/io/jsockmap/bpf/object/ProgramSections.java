package io.jsockmap.bpf.object;

/** What the name of a section says about the programs in it, apart from their type. */
final class ProgramSections {
    /** Functions that other functions call. */
    static final String SUBPROGRAMS = ".text";

    private ProgramSections() {}

    static boolean isOptional(String section) {
        return section.startsWith("?");
    }

    static String nameOf(String section) {
        return isOptional(section) ? section.substring(1) : section;
    }
}
