package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;

/** {@code jsockmap prog detach}. */
@Command(
        name = "detach",
        description = "Detaches a program from a map: sockets that have it keep it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProgDetach extends Attachment {}
