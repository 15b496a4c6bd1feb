package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verification;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.explain.Explanation;
import io.jsockmap.kernel.KernelVerifier;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap verify}: what Linux would say of an object's programs, and why. */
@Command(
        name = "verify",
        description = "Says whether Linux would load an object's programs, and if not, why.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap verify examples/splice/splice.bpf.o",
            "  jsockmap verify --program judge --log 2 examples/http-policy/http-policy.bpf.o",
            "  sudo jsockmap verify --against-kernel examples/echo/echo.bpf.o",
            "",
            "The rules are those of Linux 6.18; nothing is run or attached.",
            "docs/verifier-errors.md explains each kind of refusal.",
            "Exit code 1: a program was refused, or the kernel answered otherwise."
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private LoadingOptions.Only objectOptions;

    @Option(names = "--program", paramLabel = "NAME", description = "only this program")
    private String only;

    @Option(
            names = "--log",
            paramLabel = "LEVEL",
            defaultValue = "0",
            description = {
                "print the log as Linux does: 0 nothing (the default),",
                "1 the path that is refused, 2 every path"
            })
    private int level;

    @Option(
            names = "--against-kernel",
            description = {
                "ask the running kernel too, where bpf(2) is permitted:",
                "it loads the program, and attaches nothing"
            })
    private boolean againstKernel;

    @Override
    public Integer call() {
        if (level < 0 || level > KernelVerifier.MAX_LOG_LEVEL) {
            throw Mistake.of(spec, "--log %d: expected 0, 1 or 2", level);
        }
        var out = spec.commandLine().getOut();
        // Nothing is run, so nothing is to be compiled.
        var settings = UserEngine.Settings.DEFAULT.with(new Interpreter());
        try (var engine = UserEngine.open(settings);
                var object = objectOptions.loadUnverified(engine)) {
            return verify(object, out) ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private boolean verify(UserObject object, PrintWriter out) {
        object.skipped()
                .forEach((name, reason) -> out.printf("%s: not loaded: %s%n", name, reason));
        boolean ask = againstKernel && kernelAnswers(out);
        boolean fine = true;
        for (var program : chosen(object)) {
            var answer = Verifier.verify(program, Options.DEFAULT.withLog(level));
            print(answer, out);
            fine &= answer.isAccepted();
            if (ask) fine &= new Comparison(answer, level).print(out);
        }
        return fine;
    }

    private List<Program> chosen(UserObject object) {
        if (only != null) return List.of(object.program(only));
        if (object.programs().isEmpty()) {
            throw new BpfException(
                    Errno.ENOENT,
                    "%s has no program of a type that is known%s"
                            .formatted(
                                    object.spec().name(),
                                    object.skipped().isEmpty() ? "" : ", and not left out"));
        }
        return List.copyOf(object.programs().values());
    }

    private static boolean kernelAnswers(PrintWriter out) {
        var availability = KernelVerifier.availability();
        if (!availability.usable()) {
            out.printf("The kernel is not asked: %s.%n", availability.reason());
        }
        return availability.usable();
    }

    private static void print(Verification answer, PrintWriter out) {
        var program = answer.program();
        out.print(answer.log());
        out.printf("%s: %s%n", program, summary(answer));
        answer.refusal()
                .ifPresent(
                        refusal ->
                                Explanation.of(program, refusal)
                                        .toString()
                                        .lines()
                                        .forEach(line -> out.printf("  %s%n", line)));
    }

    /** An answer in a line. */
    static String summary(Verification answer) {
        var work = answer.statistics();
        return answer.refusal()
                .map(refusal -> "refused: " + refusal.message().lines().findFirst().orElse(""))
                .orElseGet(() -> accepted(work.instructions(), work.states(), work.peak()));
    }

    /** What it took to accept a program. */
    static String accepted(long instructions, long states, long peak) {
        return "accepted: %d instruction%s, %d state%s, %d at once"
                .formatted(
                        instructions,
                        instructions == 1 ? "" : "s",
                        states,
                        states == 1 ? "" : "s",
                        peak);
    }
}
