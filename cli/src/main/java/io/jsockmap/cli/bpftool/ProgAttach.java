package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code jsockmap prog attach}. */
@Command(
        name = "attach",
        description = "Attaches a program to a map: sockets that are inserted later inherit it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProgAttach implements Callable<Integer> {
    @Mixin private Asking asking;
    @Mixin private Attachment attachment;

    @Override
    public Integer call() throws IOException {
        return asking.ask(attachment.request("prog attach"), (_, _) -> {});
    }
}
