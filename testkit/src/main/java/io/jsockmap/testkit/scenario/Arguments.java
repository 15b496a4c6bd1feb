package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.Errno;
import io.jsockmap.policy.yaml.Yaml;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.stage.SocketChoice;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What stands in a step; each getter is for a kind of the table.
 *
 * @param step where it stands
 * @param members by key; that all required ones are there was checked
 */
record Arguments(Yaml step, Map<String, Yaml> members) {
    /** In any unit it is less than the kernel's clock counts, some 292 years. */
    private static final long LONGEST_TIME = 1_000_000;

    private static final Pattern TIME = Pattern.compile("(\\d{1,15})(ns|us|ms|s|m|h)");

    private Optional<Yaml> member(String key) {
        return Optional.ofNullable(members.get(key));
    }

    private Yaml required(String key) {
        return member(key).orElseThrow(() -> step.mistake(key + " is missing"));
    }

    Optional<String> text(String key) {
        return member(key).map(Yaml::text);
    }

    Endpoint endpoint(String key) {
        return Endpoint.parse(required(key).text());
    }

    /** Only an application is told how its send ends. */
    Endpoint sender(String key) {
        var sender = endpoint(key);
        if (sender.peer() && (members.containsKey("errno") || members.containsKey("accepts"))) {
            throw step.mistake(
                    "errno and accepts are for what an application sends, and %s is a far end"
                            .formatted(sender));
        }
        return sender;
    }

    /** Only what is redirected goes somewhere else. */
    Optional<Endpoint> target(String key) {
        var target = text(key).map(Endpoint::parse);
        boolean redirects = verdicts("verdict").contains(Verdict.REDIRECT);
        if (target.isPresent() && !redirects) {
            throw step.mistake("to is where redirected messages went, and no REDIRECT is expected");
        }
        return target;
    }

    byte[] payload(String key) {
        return Payload.read(required(key));
    }

    List<Step> captured(String key) {
        return CapturedTraffic.steps(
                CapturedTraffic.conversation(required(key), number("conversation").orElse(1)),
                endpoint("client"),
                text("server").map(Endpoint::parse));
    }

    OptionalLong number(String key) {
        return member(key).map(Yaml::number).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    List<Integer> numbers(String key) {
        return member(key).map(Yaml::list).orElse(List.of()).stream()
                .map(Arguments::length)
                .toList();
    }

    private static int length(Yaml value) {
        long length = value.number();
        if (length > 0 && length <= Integer.MAX_VALUE) return (int) length;
        throw value.mistake("expected a length from 1, found " + length);
    }

    Optional<Errno> errno(String key) {
        return member(key).map(Arguments::errno);
    }

    private static Errno errno(Yaml value) {
        return Arrays.stream(Errno.values())
                .filter(errno -> errno.name().equals(value.text()))
                .findFirst()
                .orElseThrow(() -> value.mistake(value.text() + " is no errno known here"));
    }

    List<Verdict> verdicts(String key) {
        return required(key).list().stream().map(Arguments::verdict).toList();
    }

    private static Verdict verdict(Yaml value) {
        try {
            return Verdict.valueOf(value.text().toUpperCase(Locale.ROOT).replace("SK_", ""));
        } catch (IllegalArgumentException _) {
            throw value.mistake("%s is no verdict (PASS, DROP, REDIRECT)".formatted(value.text()));
        }
    }

    Step.Match match(String key) {
        var text = text(key).orElse("exact");
        return Arrays.stream(Step.Match.values())
                .filter(match -> match.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                required(key)
                                        .mistake(text + " is no match (exact, start, contains)"));
    }

    Element element(String key) {
        var value = required(key);
        return Element.parse(value.text())
                .orElseThrow(() -> value.mistake("expected MAP[KEY]=VALUE, found " + value.text()));
    }

    /** An element of which only the place counts. */
    Element place(String key) {
        var value = required(key);
        return Element.parse(value.text() + "=")
                .orElseThrow(() -> value.mistake("expected MAP[KEY], found " + value.text()));
    }

    SocketChoice choice(String key) {
        return member(key).map(Sockets::choice).orElse(SocketChoice.ACCEPTED);
    }

    Duration duration(String key) {
        var value = required(key);
        var parts = TIME.matcher(value.text());
        if (!parts.matches()) {
            throw value.mistake("expected a time such as 250ms, 5s or 1h, found " + value.text());
        }
        long count = Long.parseLong(parts.group(1));
        if (count > LONGEST_TIME) throw value.mistake("expected up to %d".formatted(LONGEST_TIME));
        return switch (parts.group(2)) {
            case "ns" -> Duration.ofNanos(count);
            case "us" -> Duration.ofNanos(count * 1000);
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
