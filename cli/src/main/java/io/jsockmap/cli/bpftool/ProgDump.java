package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap prog dump}. */
@Command(
        name = "dump",
        description = "Prints a program's instructions, as they were loaded, with their C lines.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProgDump implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "xlated PROG",
            arity = "1..*",
            hideParamSyntax = true,
            description = "id N, name NAME, or a name")
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        var arguments = new Arguments(spec, words);
        arguments.expect("xlated");
        var program = arguments.only("a program");
        return asking.ask(Requests.of("prog dump", "prog", program), ProgramText::dump);
    }
}
