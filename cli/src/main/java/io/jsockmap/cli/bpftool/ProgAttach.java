package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;

/** {@code jsockmap prog attach}. */
@Command(
        name = "attach",
        description = "Attaches a program to a map: sockets that are inserted later inherit it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProgAttach extends Attachment {}
