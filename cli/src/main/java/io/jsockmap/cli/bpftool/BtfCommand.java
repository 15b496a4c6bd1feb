package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code jsockmap btf}: types. */
@Command(
        name = "btf",
        description = "Shows the types of a run's objects, or of a file, as bpftool btf does.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {BtfList.class, BtfDump.class, HelpCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap btf list",
            "  jsockmap btf dump id 1",
            "  jsockmap btf dump map sockets",
            "  jsockmap btf dump file policy.bpf.o",
            "  jsockmap btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h"
        })
public final class BtfCommand implements Callable<Integer> {
    @Mixin private Asking asking;

    @Override
    public Integer call() throws IOException {
        return BtfList.list(asking);
    }
}
