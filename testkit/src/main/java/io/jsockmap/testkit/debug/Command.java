package io.jsockmap.testkit.debug;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What one can type at a {@link DebugTerminal}; the start of a name is enough. */
enum Command {
    BREAK("break", "PLACE", "stop at FILE:LINE, LINE, FUNCTION, *SLOT, helper NAME, verdict NAME"),
    DELETE("delete", "N", "take breakpoint N away, or all"),
    RUN("run", "", "play it anew, and go to the first breakpoint"),
    CONTINUE("continue", "", "go on to the next breakpoint"),
    RC("rc", "", "go back to the breakpoint before"),
    STEP("step", "", "to the next line, also into functions"),
    NEXT("next", "", "to the next line of this function"),
    FINISH("finish", "", "to where this function has returned"),
    BACK("back", "", "to the line before, also into functions"),
    STEPI("stepi", "", "to the next instruction"),
    BACKI("backi", "", "to the instruction before"),
    REGS("regs", "", "registers, and what they point to"),
    STACK("stack", "", "the bytes of the stack that are not zero"),
    PRINT("print", "EXPR", "a register, argument, context field, variable, map, MAP[KEY]"),
    PACKET("packet", "", "the bytes of the message"),
    MAPS("maps", "", "what maps and global variables hold"),
    BT("bt", "", "the functions that have called each other"),
    LIST("list", "", "the source around this line"),
    INFO("info", "WHAT", "breakpoints, runs, context, instructions"),
    HELP("help", "", "this"),
    QUIT("quit", "", "the end");

    private final String name;
    private final String argument;
    private final String meaning;

    Command(String name, String argument, String meaning) {
        this.name = name;
        this.argument = argument;
        this.meaning = meaning;
    }

    /** The command of that name; of several that begin so the first. */
    static Optional<Command> of(String typed) {
        return Stream.of(values())
                .filter(command -> command.name.equals(typed))
                .findFirst()
                .or(
                        () ->
                                Stream.of(values())
                                        .filter(command -> command.name.startsWith(typed))
                                        .findFirst());
    }

    /** A line for each. */
    static List<String> help() {
        return Stream.of(values())
                .map(c -> "%-16s %s".formatted((c.name + " " + c.argument).strip(), c.meaning))
                .toList();
    }
}
