package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap prog detach}. */
@Command(
        name = "detach",
        description = "Detaches a program from a map: sockets that have it keep it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProgDetach implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "PROG ATTACH_TYPE MAP",
            arity = "1..*",
            hideParamSyntax = true,
            description = ProgAttach.ATTACH_TYPES)
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        return asking.ask(ProgAttach.request("prog detach", spec, words), (_, _) -> {});
    }
}
