package io.jsockmap.cli;

import io.jsockmap.policy.Coverage;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.policy.Ports;
import io.jsockmap.policy.Role;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.SockListener;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code jsockmap policy}: whether a policy would come into force, and what it would judge. */
@Command(
        name = "policy",
        description = "Checks a policy's file as its program would, and says what it judges.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap policy examples/http-policy/policy.yaml",
            "",
            "docs/policy.md tells what the file says. Exit code 1: it would be refused, and why."
        })
final class PolicyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the policy's file, YAML")
    private Path file;

    @Override
    public Integer call() {
        var read = PolicyFile.read(file);
        var out = spec.commandLine().getOut();
        try (var policy = LivePolicy.open(read, SockListener.NONE)) {
            print(policy, read, out);
        }
        return ExitCode.OK;
    }

    private static void print(LivePolicy policy, PolicyFile file, PrintWriter out) {
        out.printf("policy %s would come into force%n", file.name());
        row(out, "object", List.of(file.object().toString()));
        row(out, "sockets", sockets(file.coverage()));
        row(out, "insert", file.insertions());
        row(out, "programs", programs(policy));
        row(out, "keep", file.kept().stream().sorted().toList());
    }

    private static void row(PrintWriter out, String name, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            out.printf("  %-9s %s%n", i == 0 ? name : "", values.get(i));
        }
    }

    private static List<String> sockets(Coverage coverage) {
        return Arrays.stream(Role.values())
                .filter(coverage.roles()::containsKey)
                .map(role -> "%s %s".formatted(role.word(), ports(coverage.roles().get(role))))
                .toList();
    }

    private static String ports(Ports ports) {
        if (ports.ranges().isEmpty()) return "all";
        return ports.ranges().stream()
                .map(r -> r.first() == r.last() ? "" + r.first() : r.first() + "-" + r.last())
                .collect(Collectors.joining(", "));
    }

    private static List<String> programs(LivePolicy policy) {
        List<String> all = new ArrayList<>();
        for (var map : policy.object().socketMaps()) attached(map, all);
        policy.object().programs().values().stream()
                .filter(SocketPrograms::isSockOps)
                .forEach(program -> all.add(program.name() + " as " + AttachType.SOCK_OPS));
        return all;
    }

    private static void attached(UserSocketMap map, List<String> all) {
        var programs = map.programs();
        if (programs.msg() != null) all.add(line(programs.msg().name(), "sk_msg", map));
        if (programs.parser() != null) all.add(line(programs.parser().name(), "parser", map));
        if (programs.verdict() != null) all.add(line(programs.verdict().name(), "verdict", map));
    }

    private static String line(String program, String kind, UserSocketMap map) {
        return "%s as %s of %s".formatted(program, kind, map.name());
    }
}
