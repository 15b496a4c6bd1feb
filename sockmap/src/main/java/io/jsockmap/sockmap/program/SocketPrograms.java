package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.map.AttachType;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The types of programs that run on sockets, and the names of sections that mean them. */
public final class SocketPrograms {
    /** BPF_PROG_TYPE_SK_MSG. */
    public static final ProgramType SK_MSG = SkMsgType.TYPE;

    /** BPF_PROG_TYPE_SK_SKB. */
    public static final ProgramType SK_SKB = SkSkbType.TYPE;

    /** BPF_PROG_TYPE_SOCK_OPS. */
    public static final ProgramType SOCK_OPS = SockOpsType.TYPE;

    /** libbpf's names first, then those of older loaders; the first row that matches counts. */
    private static final List<Row> SECTIONS =
            List.of(
                    row("sk_skb/stream_parser(/.*)?", SK_SKB, AttachType.SK_SKB_STREAM_PARSER),
                    row("sk_skb/stream_verdict(/.*)?", SK_SKB, AttachType.SK_SKB_STREAM_VERDICT),
                    row("sk_skb/verdict(/.*)?", SK_SKB, AttachType.SK_SKB_VERDICT),
                    row("sk_skb\\d*(/.*)?", SK_SKB, null),
                    row("sk_msg\\d*(/.*)?", SK_MSG, AttachType.SK_MSG_VERDICT),
                    row("sockops\\d*(/.*)?", SOCK_OPS, AttachType.SOCK_OPS),
                    // gobpf: the map is named behind the slash.
                    row("sk/skb/parser/(?<map>.+)", SK_SKB, AttachType.SK_SKB_STREAM_PARSER),
                    row("sk/skb/verdict/(?<map>.+)", SK_SKB, AttachType.SK_SKB_STREAM_VERDICT),
                    // redbpf, and the loaders of the first kernel samples.
                    row("stream_parser(/.*)?", SK_SKB, AttachType.SK_SKB_STREAM_PARSER),
                    row("stream_verdict(/.*)?", SK_SKB, AttachType.SK_SKB_STREAM_VERDICT),
                    row("prog_parser", SK_SKB, AttachType.SK_SKB_STREAM_PARSER),
                    row("prog_verdict", SK_SKB, AttachType.SK_SKB_STREAM_VERDICT));

    private SocketPrograms() {}

    /**
     * What a section says.
     *
     * @param type the programs' type
     * @param attachType where they go, if the name tells
     * @param map the section of the map they go to, if the name tells
     */
    public record Meaning(
            ProgramType type, Optional<AttachType> attachType, Optional<String> map) {}

    /** What a section's name means; empty if it is not one of ours. */
    public static Optional<Meaning> ofSection(String name) {
        for (var row : SECTIONS) {
            var match = row.pattern.matcher(name);
            if (!match.matches()) continue;
            var map =
                    match.namedGroups().containsKey("map")
                            ? Optional.of("maps/" + match.group("map"))
                            : Optional.<String>empty();
            return Optional.of(new Meaning(row.type, Optional.ofNullable(row.attachType), map));
        }
        return Optional.empty();
    }

    private record Row(Pattern pattern, ProgramType type, AttachType attachType) {}

    private static Row row(String pattern, ProgramType type, AttachType attachType) {
        return new Row(Pattern.compile(pattern), type, attachType);
    }
}
