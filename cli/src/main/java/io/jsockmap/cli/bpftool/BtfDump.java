package io.jsockmap.cli.bpftool;

import com.google.gson.JsonObject;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.CHeader;
import io.jsockmap.bpf.core.TypesFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap btf dump}. */
@Command(
        name = "dump",
        description = "Prints all types, with their numbers or as a C header.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BtfDump implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "[id N | NAME | prog PROG | map MAP | file FILE] [format raw|c]",
            arity = "0..*",
            hideParamSyntax = true,
            description = {
                "whose types: of the object of that number or file name, of that",
                "program or map, or of a file; by default of the only object there is"
            })
    private List<String> words = List.of();

    /** Where types come from. */
    private interface Source {
        Btf types() throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        var arguments = new Arguments(spec, words);
        var source = source(arguments);
        boolean header = arguments.takes("format") && arguments.expect("raw", "c").equals("c");
        arguments.end();
        if (asking.json()) return printJson(source, header);
        var out = spec.commandLine().getOut();
        if (header) out.print(CHeader.of(source.types()));
        else printRaw(source.types(), out);
        return ExitCode.OK;
    }

    private int printJson(Source source, boolean header) throws IOException {
        if (header) {
            throw new ParameterException(
                    spec.commandLine(), "format c is C: leave out --json and --pretty");
        }
        return asking.print(() -> RawTypes.all(source.types()), (_, _) -> {});
    }

    private static void printRaw(Btf types, PrintWriter out) {
        // A kernel has so many that they are not all kept as JSON where nobody asks for it.
        for (int id = 1; id < types.size(); id++) RawTypes.print(RawTypes.one(types, id), out);
    }

    private Source source(Arguments arguments) {
        if (arguments.takes("file")) {
            var file = Path.of(arguments.word("a file"));
            return () -> TypesFile.read(file);
        }
        if (arguments.takes("prog")) return asked("prog", arguments.reference("a program"));
        if (arguments.takes("map")) return asked("map", arguments.reference("a map"));
        if (arguments.isEmpty() || arguments.isAt("format")) {
            return () -> read(Requests.of("btf section"));
        }
        return asked("btf", arguments.reference("a number"));
    }

    private Source asked(String field, List<String> reference) {
        return () -> read(Requests.of("btf section", field, reference));
    }

    private Btf read(JsonObject request) throws IOException {
        var section = new Fields(asking.answer(request)).text("section");
        return Btf.read(Base64.getDecoder().decode(section));
    }
}
