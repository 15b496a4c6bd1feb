package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap prog list}. */
@Command(
        name = "list",
        aliases = "show",
        description = "Shows one program, or all.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProgList implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(paramLabel = "PROG", arity = "0..2", description = "id N, name NAME, or a name")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException {
        return list(asking, words.isEmpty() ? words : new Arguments(spec, words).only("a program"));
    }

    static int list(Asking asking, List<String> program) throws IOException {
        return asking.ask(
                program.isEmpty()
                        ? Requests.of("prog list")
                        : Requests.of("prog show", "prog", program),
                ProgramText::list);
    }
}
