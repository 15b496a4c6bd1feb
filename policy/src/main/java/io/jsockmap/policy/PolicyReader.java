package io.jsockmap.policy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.policy.yaml.Members;
import io.jsockmap.policy.yaml.Yaml;
import io.jsockmap.sockmap.socket.Limits;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads policy files: YAML, one document. */
final class PolicyReader {
    private static final int LONGEST_MEGABYTES = 1;
    private static final List<String> KEYS =
            List.of(
                    "name",
                    "object",
                    "sockets",
                    "insert",
                    "set",
                    "attach",
                    "skip",
                    "type",
                    "max-entries",
                    "btf",
                    "keep",
                    "limits");
    private static final List<String> LIMITS =
            List.of("instructions", "receive-buffer", "send-buffer", "sockets");

    private final Path file;
    private final Yaml document;
    private final Members members;

    private PolicyReader(Path file, Yaml document) {
        this.file = file;
        this.document = document;
        members = new Members(document.members());
    }

    static PolicyFile read(Path file) {
        var documents = Yaml.documents(file, Yaml.textOf(file, LONGEST_MEGABYTES));
        if (documents.size() != 1) {
            throw new BpfException(
                    Errno.EINVAL,
                    "%s: expected one policy, found %d".formatted(file, documents.size()));
        }
        return new PolicyReader(file, documents.getFirst()).policy();
    }

    private PolicyFile policy() {
        members.check("a policy has no", KEYS);
        return new PolicyFile(
                file,
                name(),
                members.text("object")
                        .map(file::resolveSibling)
                        .orElseThrow(() -> document.mistake("object is missing")),
                members.setup(),
                coverage(),
                members.texts("insert"),
                Set.copyOf(members.texts("keep")),
                limits());
    }

    private String name() {
        var name = members.text("name");
        if (name.isPresent() && (name.get().isEmpty() || name.get().contains("/"))) {
            throw members.all().get("name").mistake("a name is not empty, without a slash");
        }
        return name.orElseGet(() -> file.getFileName().toString().replaceFirst("\\.ya?ml$", ""));
    }

    private Coverage coverage() {
        if (members.member("sockets").isEmpty()) return Coverage.ALL;
        Map<Role, Ports> roles = new EnumMap<>(Role.class);
        members.pairs("sockets")
                .forEach((word, ports) -> roles.put(role(word, ports), ports(ports)));
        return new Coverage(roles);
    }

    private static Role role(String word, Yaml where) {
        return Role.of(word)
                .orElseThrow(
                        () ->
                                where.mistake(
                                        "%s is none of accepted, connected, datagram, unix"
                                                .formatted(word)));
    }

    private static Ports ports(Yaml value) {
        List<Ports.Range> ranges = new ArrayList<>();
        for (var range : value.list()) {
            if (range.text().equals("all")) return Ports.ALL;
            try {
                ranges.add(Ports.Range.parse(range.text()));
            } catch (IllegalArgumentException e) {
                throw range.mistake(e.getMessage());
            }
        }
        return new Ports(ranges);
    }

    private PolicyLimits limits() {
        var limits = new Members(members.pairs("limits"));
        limits.check("there is no limit", LIMITS);
        return new PolicyLimits(
                limit(limits, "instructions", PolicyLimits.DEFAULT.instructions(), Long.MAX_VALUE),
                new Limits(
                        count(limits, "receive-buffer", Limits.DEFAULT.receiveBytes()),
                        count(limits, "send-buffer", Limits.DEFAULT.sendBytes())),
                count(limits, "sockets", PolicyLimits.DEFAULT.sockets()));
    }

    private static int count(Members limits, String key, int otherwise) {
        return (int) limit(limits, key, otherwise, Integer.MAX_VALUE);
    }

    private static long limit(Members limits, String key, long otherwise, long most) {
        var value = limits.all().get(key);
        if (value == null) return otherwise;
        long number = value.number();
        if (number > 0 && number <= most) return number;
        throw value.mistake("expected a number from 1 to %d, found %d".formatted(most, number));
    }
}
