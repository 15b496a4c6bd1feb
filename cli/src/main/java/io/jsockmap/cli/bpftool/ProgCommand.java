package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap prog}: the programs of a run. */
@Command(
        name = "prog",
        description = "Shows the programs of a run, and attaches them, as bpftool prog does.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            ProgList.class,
            ProgDump.class,
            ProgAttach.class,
            ProgDetach.class,
            HelpCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap prog list",
            "  jsockmap prog show name judge --json",
            "  jsockmap prog dump xlated id 1",
            "  jsockmap prog attach guard msg_verdict sockets",
            "  jsockmap prog list --object policy.bpf.o",
            "",
            "PROG is id N, name NAME, or a name; so is MAP."
        })
public final class ProgCommand implements Callable<Integer> {
    @Mixin private Asking asking;

    @Override
    public Integer call() throws IOException {
        return ProgList.list(asking, List.of());
    }
}
