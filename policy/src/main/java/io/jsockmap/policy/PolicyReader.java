package io.jsockmap.policy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.policy.yaml.Yaml;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.Limits;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads policy files: YAML, one document. */
final class PolicyReader {
    private static final int LONGEST = 1 << 20;
    private static final Set<String> LIMITS =
            Set.of("instructions", "receive-buffer", "send-buffer", "sockets");

    private final Path file;
    private final Yaml document;
    private final Map<String, Yaml> members;

    private PolicyReader(Path file, Yaml document) {
        this.file = file;
        this.document = document;
        members = document.members();
    }

    static PolicyFile read(Path file) {
        var documents = Yaml.documents(file, textOf(file));
        if (documents.size() != 1) {
            throw new BpfException(
                    Errno.EINVAL,
                    "%s: expected one policy, found %d".formatted(file, documents.size()));
        }
        return new PolicyReader(file, documents.getFirst()).policy();
    }

    private static String textOf(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new BpfException(Errno.E2BIG, "%s: longer than 1 MiB".formatted(file));
            }
            return Files.readString(file);
        } catch (MalformedInputException _) {
            throw new BpfException(Errno.EINVAL, "%s: is not UTF-8".formatted(file));
        } catch (IOException e) {
            throw new BpfException(Errno.ENOENT, "%s: can't be read".formatted(file), e);
        }
    }

    private PolicyFile policy() {
        members.forEach(
                (key, value) -> {
                    if (PolicyKey.of(key).isPresent()) return;
                    throw value.mistake("a policy has no %s (%s)".formatted(key, PolicyKey.list()));
                });
        return new PolicyFile(
                file,
                name(),
                text(PolicyKey.OBJECT)
                        .map(file::resolveSibling)
                        .orElseThrow(() -> document.mistake("object is missing")),
                setup(),
                coverage(),
                texts(PolicyKey.INSERT),
                Set.copyOf(texts(PolicyKey.KEEP)),
                limits());
    }

    private String name() {
        var name = text(PolicyKey.NAME);
        if (name.isPresent() && (name.get().isEmpty() || name.get().contains("/"))) {
            throw members.get(PolicyKey.NAME.key()).mistake("a name is not empty, without a slash");
        }
        return name.orElseGet(() -> file.getFileName().toString().replaceFirst("\\.ya?ml$", ""));
    }

    private Optional<Yaml> member(PolicyKey key) {
        return Optional.ofNullable(members.get(key.key()));
    }

    private Optional<String> text(PolicyKey key) {
        return member(key).map(Yaml::text);
    }

    private List<String> texts(PolicyKey key) {
        return member(key).map(Yaml::list).orElse(List.of()).stream().map(Yaml::text).toList();
    }

    private Map<String, Yaml> pairs(PolicyKey key) {
        return member(key).map(Yaml::members).orElse(Map.of());
    }

    private ObjectSetup setup() {
        return new ObjectSetup(
                pairs(PolicyKey.TYPE).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().text())),
                texts(PolicyKey.SKIP),
                pairs(PolicyKey.MAX_ENTRIES).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().number())),
                text(PolicyKey.BTF).map(file::resolveSibling),
                texts(PolicyKey.SET),
                texts(PolicyKey.ATTACH));
    }

    private Coverage coverage() {
        if (member(PolicyKey.SOCKETS).isEmpty()) return Coverage.ALL;
        Map<Role, Ports> roles = new EnumMap<>(Role.class);
        pairs(PolicyKey.SOCKETS)
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
        var limits = pairs(PolicyKey.LIMITS);
        limits.forEach(
                (key, value) -> {
                    if (!LIMITS.contains(key)) {
                        throw value.mistake(
                                "there is no limit %s (%s)"
                                        .formatted(
                                                key,
                                                LIMITS.stream()
                                                        .sorted()
                                                        .collect(Collectors.joining(", "))));
                    }
                });
        return new PolicyLimits(
                limit(limits, "instructions", PolicyLimits.DEFAULT.instructions(), Long.MAX_VALUE),
                new Limits(
                        count(limits, "receive-buffer", Limits.DEFAULT.receiveBytes()),
                        count(limits, "send-buffer", Limits.DEFAULT.sendBytes())),
                count(limits, "sockets", PolicyLimits.DEFAULT.sockets()));
    }

    private static int count(Map<String, Yaml> limits, String key, int otherwise) {
        return (int) limit(limits, key, otherwise, Integer.MAX_VALUE);
    }

    private static long limit(Map<String, Yaml> limits, String key, long otherwise, long most) {
        var value = limits.get(key);
        if (value == null) return otherwise;
        long number = value.number();
        if (number > 0 && number <= most) return number;
        throw value.mistake("expected a number from 1 to %d, found %d".formatted(most, number));
    }
}
