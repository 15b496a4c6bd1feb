package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code jsockmap prog detach}. */
@Command(
        name = "detach",
        description = "Detaches a program from a map: sockets that have it keep it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProgDetach implements Callable<Integer> {
    @Mixin private Asking asking;
    @Mixin private Attachment attachment;

    @Override
    public Integer call() throws IOException {
        return asking.ask(attachment.request("prog detach"), (_, _) -> {});
    }
}
