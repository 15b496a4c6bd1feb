package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.insn.Disassembler.Style;
import io.jsockmap.bpf.object.FunctionSpec;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.object.Reference;
import io.jsockmap.bpf.program.HelperNames;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code jsockmap disasm}: an object's instructions as text. */
@Command(
        name = "disasm",
        description = "Prints an object's maps, and its instructions with their C lines.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap disasm examples/splice/splice.bpf.o",
            "  jsockmap disasm --style llvm --program judge examples/http-policy/http-policy.bpf.o"
        })
final class DisasmCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "OBJECT", description = "the object file")
    private Path file;

    @Option(names = "--program", paramLabel = "NAME", description = "only this function")
    private String only;

    @Option(
            names = "--style",
            defaultValue = "KERNEL",
            description = "whose habits to follow: ${COMPLETION-CANDIDATES} (default: kernel)")
    private Style style;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var object = ObjectReader.read(file);
        if (only == null) printMaps(out, object);
        boolean found = false;
        for (var function : object.functions()) {
            if (only != null && !only.equals(function.name())) continue;
            found = true;
            print(out, object, function);
        }
        if (!found && only != null) {
            throw new BpfException(
                    Errno.ENOENT, "%s has no function named %s".formatted(object.name(), only));
        }
        return ExitCode.OK;
    }

    private static void printMaps(PrintWriter out, ObjectSpec object) {
        for (var map : object.maps()) {
            var d = map.definition();
            out.printf(
                    "map %s: %s, key %d bytes, value %d bytes, %d entries, flags 0x%x%s (section"
                            + " %s)%n",
                    d.name(),
                    d.typeName(),
                    d.keySize(),
                    d.valueSize(),
                    d.maxEntries(),
                    d.flags(),
                    d.pinnedByName() ? ", pinned by name" : "",
                    map.section());
        }
        for (var data : object.data()) {
            out.printf("data %s: %d bytes%n", data.name(), data.bytes().length);
        }
        object.notes().forEach(out::println);
    }

    private void print(PrintWriter out, ObjectSpec object, FunctionSpec function) {
        out.printf("%nsection %s, function %s:%n", function.section(), function.name());
        function.problem().ifPresent(problem -> out.println(problem.getMessage()));
        var disassembler = new Disassembler(style, HelperNames::of);
        for (int slot = 0; slot < function.code().size(); slot++) {
            var line = function.lines().get(slot);
            if (line != null) out.println("; " + line);
            var instruction = function.code().at(slot);
            if (instruction.isEmpty()) continue;
            var note = function.referenceAt(slot).map(r -> "   ; " + name(object, r)).orElse("");
            out.printf("%5d: %s%s%n", slot, disassembler.print(instruction.get()), note);
        }
    }

    private static String name(ObjectSpec object, Reference reference) {
        if (reference instanceof Reference.ToFunction to) {
            var function = object.function(to.section(), to.offset());
            if (function.isPresent()) return function.get().name();
        }
        return reference.text();
    }
}
