package io.jsockmap.cli;

import io.jsockmap.kernel.doctor.Finding;
import io.jsockmap.kernel.doctor.KernelChecks;
import io.jsockmap.proxy.Proxy;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code jsockmap doctor}: what this machine permits. */
@Command(
        name = "doctor",
        description = {
            "Says what this machine permits, and what each thing would enable.",
            "Nothing is changed: the smallest program is loaded, an empty map made."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  jsockmap doctor")
final class DoctorCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        out.println("user engine: ready. It needs nothing but Java.");
        print(out, here());
        out.println();
        var kernel = KernelChecks.all();
        out.println(
                kernel.stream().anyMatch(DoctorCommand::isMissing)
                        ? "kernel sockmap: not available, and not needed."
                        : "kernel sockmap: available.");
        print(out, kernel);
        return ExitCode.OK;
    }

    private static boolean isMissing(Finding finding) {
        boolean isNeeded = List.of("bpf(2)", "sockmap").contains(finding.subject());
        return isNeeded && finding.state() != Finding.State.YES;
    }

    private static void print(PrintWriter out, List<Finding> findings) {
        for (var finding : findings) {
            var mark =
                    switch (finding.state()) {
                        case YES -> "yes";
                        case NO -> "no";
                        case UNKNOWN -> "?";
                    };
            out.printf("  %-3s  %s: %s%n", mark, finding.subject(), finding.detail());
            out.printf("       for %s%n", finding.enables());
        }
    }

    private static List<Finding> here() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.yes("Java", Runtime.version().toString(), "all of it"));
        var missing = Proxy.withoutEpoll();
        findings.add(
                Finding.of(
                        "epoll and splice(2)",
                        missing.isEmpty(),
                        missing.orElse("Netty's native library is loaded"),
                        "the proxy's fast path; without it NIO carries the bytes"));
        findings.add(ioUring());
        findings.add(
                tool(
                        "clang",
                        List.of("clang", "clang-21", "clang-20", "clang-19", "clang-18"),
                        "compiling programs (examples/template, tools/build-objects)"));
        findings.add(
                tool(
                        "qemu",
                        List.of("qemu-system-x86_64"),
                        "throwaway guests for traffic in the kernel (tools/guest)"));
        return findings;
    }

    private static Finding ioUring() {
        var setting = Path.of("/proc/sys/kernel/io_uring_disabled");
        boolean there = Files.exists(setting);
        return Finding.of(
                "io_uring",
                there,
                there ? "in the kernel; see kernel.io_uring_disabled" : "not in this kernel",
                "nothing yet: the proxy uses epoll");
    }

    private static Finding tool(String name, List<String> names, String enables) {
        var found = names.stream().map(DoctorCommand::inPath).flatMap(Optional::stream).findFirst();
        return Finding.of(
                name, found.isPresent(), found.orElse("not in the PATH: install it"), enables);
    }

    private static Optional<String> inPath(String program) {
        return folders()
                .map(folder -> Path.of(folder).resolve(program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static Stream<String> folders() {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator)).filter(f -> !f.isEmpty());
    }
}
