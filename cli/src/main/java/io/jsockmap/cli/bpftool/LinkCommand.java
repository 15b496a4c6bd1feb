package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code jsockmap link}: what is attached where. */
@Command(
        name = "link",
        description = "Shows which program of a run is attached where.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {LinkList.class, HelpCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {"  jsockmap link list", "  jsockmap link list --pretty"})
public final class LinkCommand implements Callable<Integer> {
    @Mixin private Asking asking;

    @Override
    public Integer call() throws IOException {
        return LinkList.list(asking);
    }
}
