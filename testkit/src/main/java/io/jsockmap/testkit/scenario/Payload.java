package io.jsockmap.testkit.scenario;

import io.jsockmap.policy.yaml.Yaml;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Set;

/** Bytes as scenarios write them. */
final class Payload {
    /** Nobody tests with more by intent. */
    private static final int LONGEST = 1 << 26;

    private static final Set<String> KEYS =
            Set.of("hex", "file", "repeat", "times", "pcap", "conversation", "sent-by");

    private Payload() {}

    static byte[] read(Yaml value) {
        return value.isMapping() ? readMapping(value) : bytes(value, value.text());
    }

    private static byte[] readMapping(Yaml value) {
        for (var key : value.members().keySet()) {
            if (!KEYS.contains(key)) throw unknown(value);
        }
        var hex = value.member("hex");
        if (hex.isPresent()) return hex(hex.get());
        var file = value.member("file");
        if (file.isPresent()) return file(file.get());
        var capture = value.member("pcap");
        if (capture.isPresent()) return captured(value, capture.get());
        var repeat = value.member("repeat").orElseThrow(() -> unknown(value));
        var times = value.member("times").orElseThrow(() -> value.mistake("times is missing"));
        return repeat(repeat, times);
    }

    private static RuntimeException unknown(Yaml value) {
        return value.mistake(
                "expected a text, {hex: 0a0b}, {file: PATH}, {repeat: TEXT, times: N} or {pcap:"
                        + " FILE, conversation: N, sent-by: client}");
    }

    /** A character is a byte, so that any byte can be written; longer ones take several. */
    private static byte[] bytes(Yaml value, String text) {
        if (text.chars().allMatch(c -> c < 0x100)) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        if (text.chars().anyMatch(c -> c >= 0x80 && c < 0x100)) {
            throw value.mistake(
                    "characters above 255 are written as UTF-8, those from 128 to 255 are bytes:"
                            + " not both in one text; use {hex: ...}");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] captured(Yaml value, Yaml file) {
        long number = value.member("conversation").map(Yaml::number).orElse(1L);
        var side = value.member("sent-by").map(Yaml::text).orElse("client");
        if (!side.equals("client") && !side.equals("server")) {
            throw value.mistake("bytes of a capture are sent-by client or server, not " + side);
        }
        return CapturedTraffic.conversation(file, number).sent(side.equals("client"));
    }

    private static byte[] hex(Yaml value) {
        try {
            return HexFormat.of().parseHex(value.text().replaceAll("\\s|:", ""));
        } catch (IllegalArgumentException _) {
            throw value.mistake("expected pairs of hexadecimal digits, found " + value.text());
        }
    }

    private static byte[] file(Yaml value) {
        var file = value.file().resolveSibling(value.text());
        try {
            if (Files.size(file) > LONGEST) {
                throw value.mistake("%s is longer than 64 MiB".formatted(file));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw value.mistake("%s can't be read: %s".formatted(value.text(), e));
        }
    }

    private static byte[] repeat(Yaml text, Yaml times) {
        var once = text.text();
        long count = times.number();
        if (count < 0 || count > LONGEST / Math.max(1, once.length())) {
            throw times.mistake("repeated up to 64 MiB, not %d times".formatted(count));
        }
        return bytes(text, once.repeat((int) count));
    }
}
