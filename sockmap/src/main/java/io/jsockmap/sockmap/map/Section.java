package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.program.Program;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the name of an object file's section says of the programs in it.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="section"}
 *
 * @param programType the name of their type
 * @param attachType where they go, if the name tells
 * @param map the section of the map they go to, if the name tells
 */
public record Section(String programType, Optional<AttachType> attachType, Optional<String> map) {
    /** libbpf's names first, then those of older loaders; the first row that matches counts. */
    private static final List<Row> ROWS =
            List.of(
                    row("sk_skb/stream_parser(/.*)?", AttachType.SK_SKB_STREAM_PARSER),
                    row("sk_skb/stream_verdict(/.*)?", AttachType.SK_SKB_STREAM_VERDICT),
                    row("sk_skb/verdict(/.*)?", AttachType.SK_SKB_VERDICT),
                    new Row(Pattern.compile("sk_skb\\d*(/.*)?"), "sk_skb", Optional.empty()),
                    row("sk_msg\\d*(/.*)?", AttachType.SK_MSG_VERDICT),
                    row("sockops\\d*(/.*)?", AttachType.SOCK_OPS),
                    // gobpf: the map is named behind the slash.
                    row("sk/skb/parser/(?<map>.+)", AttachType.SK_SKB_STREAM_PARSER),
                    row("sk/skb/verdict/(?<map>.+)", AttachType.SK_SKB_STREAM_VERDICT),
                    // redbpf, and the loaders of the first kernel samples.
                    row("stream_parser(/.*)?", AttachType.SK_SKB_STREAM_PARSER),
                    row("stream_verdict(/.*)?", AttachType.SK_SKB_STREAM_VERDICT),
                    row("prog_parser", AttachType.SK_SKB_STREAM_PARSER),
                    row("prog_verdict", AttachType.SK_SKB_STREAM_VERDICT));

    /** What a section's name means; empty if it is not one of ours. */
    public static Optional<Section> of(String name) {
        for (var row : ROWS) {
            var match = row.pattern.matcher(name);
            if (!match.matches()) continue;
            var map =
                    match.namedGroups().containsKey("map")
                            ? Optional.of("maps/" + match.group("map"))
                            : Optional.<String>empty();
            return Optional.of(new Section(row.programType, row.attachType, map));
        }
        return Optional.empty();
    }

    /**
     * Where a loader like libbpf tells the kernel that a program is to go ({@code
     * expected_attach_type} of bpf(2)); empty if its section does not tell.
     */
    public static Optional<AttachType> expectedAttachType(Program program) {
        return of(program.debug().section()).flatMap(Section::attachType);
    }

    private record Row(Pattern pattern, String programType, Optional<AttachType> attachType) {}

    private static Row row(String pattern, AttachType type) {
        return new Row(Pattern.compile(pattern), type.programType(), Optional.of(type));
    }
}
