package io.jsockmap.testkit.scenario;

import static io.jsockmap.testkit.scenario.Verb.optional;
import static io.jsockmap.testkit.scenario.Verb.required;

import java.util.List;
import java.util.Optional;

/** The table of steps. A new row is the whole change: reader, schema and docs follow. */
final class Verbs {
    private static final Verb.Field ERRNO =
            optional("errno", Kind.ERRNO, "how it fails, where it shall");

    static final List<Verb> ALL =
            List.of(
                    new Verb(
                            "send",
                            Kind.PAYLOAD,
                            "Sends bytes: from the far end they are received by the socket, from"
                                    + " the application they are one send() of it.",
                            List.of(
                                    required("from", Kind.ENDPOINT, "who sends"),
                                    optional(
                                            "pieces",
                                            Kind.NUMBERS,
                                            "lengths of pieces that are sent one by one; the rest"
                                                    + " is the last"),
                                    optional(
                                            "accepts",
                                            Kind.NUMBER,
                                            "how many bytes an application's send takes, if not"
                                                    + " all"),
                                    ERRNO),
                            a ->
                                    new Step.Send(
                                            a.sender("from"),
                                            a.payload("send"),
                                            a.numbers("pieces"),
                                            a.errno("errno"),
                                            a.number("accepts"))),
                    new Verb(
                            "replay",
                            Kind.TEXT,
                            "Sends again what a capture (pcap, pcapng) has of a conversation, ends"
                                    + " and resets too.",
                            List.of(
                                    required("client", Kind.ENDPOINT, "who plays who connected"),
                                    optional(
                                            "server",
                                            Kind.ENDPOINT,
                                            "who plays the other side, whose bytes are left out"
                                                    + " without it"),
                                    optional("conversation", Kind.NUMBER, "which, from 1 (1)")),
                            a -> new Step.Captured(a.captured("replay"))),
                    new Verb(
                            "expect",
                            Kind.PAYLOAD,
                            "These bytes can be read now, and no others; \"\" for none. Of"
                                    + " datagrams, the next one; none may be left at the end.",
                            List.of(
                                    required("at", Kind.ENDPOINT, "who reads"),
                                    optional("match", Kind.MATCH, "how they are compared")),
                            a ->
                                    new Step.Expect(
                                            a.endpoint("at"),
                                            a.payload("expect"),
                                            a.match("match"))),
                    new Verb(
                            "expect-end",
                            Kind.ENDPOINT,
                            "The end of stream has come there, behind all bytes that were read.",
                            List.of(),
                            a -> new Step.ExpectEnd(a.endpoint("expect-end"))),
                    new Verb(
                            "expect-error",
                            Kind.ENDPOINT,
                            "Reading there fails; at a far end the connection was reset.",
                            List.of(required("errno", Kind.ERRNO, "with this errno")),
                            a ->
                                    new Step.ExpectError(
                                            a.endpoint("expect-error"),
                                            a.errno("errno").orElseThrow())),
                    new Verb(
                            "verdict",
                            Kind.VERDICTS,
                            "The verdicts that were given on a socket's messages since the last"
                                    + " such step; the same one in a row counts once.",
                            List.of(
                                    required("of", Kind.SOCKET, "whose messages"),
                                    optional("program", Kind.TEXT, "by this program only"),
                                    optional(
                                            "line",
                                            Kind.NAME,
                                            "decided at this line of C: 42 or policy.bpf.c:42"),
                                    optional(
                                            "to",
                                            Kind.ENDPOINT,
                                            "where they went: upstream.peer, or upstream for its"
                                                    + " ingress")),
                            a ->
                                    new Step.ExpectVerdicts(
                                            a.text("of").orElseThrow(),
                                            a.verdicts("verdict"),
                                            a.text("program"),
                                            a.text("line"),
                                            a.target("to"))),
                    new Verb(
                            "value",
                            Kind.PLACE,
                            "What a map or a global variable holds. Of a value for each CPU,"
                                    + " all together: numbers are added up, also within structures"
                                    + " and arrays; of anything else the one that is set.",
                            List.of(
                                    required(
                                            "is", Kind.VALUE, "the value; nothing for no element")),
                            a ->
                                    new Step.ExpectValue(
                                            a.text("value").orElseThrow(),
                                            a.text("is").filter(v -> !v.equals("nothing")))),
                    new Verb(
                            "event",
                            Kind.PAYLOAD,
                            "The next record of a ring buffer, perf event array, queue or stack;"
                                    + " none may be left at the end.",
                            List.of(required("of", Kind.TEXT, "the map")),
                            a ->
                                    new Step.ExpectEvent(
                                            a.text("of").orElseThrow(), a.payload("event"))),
                    new Verb(
                            "fault",
                            Kind.TEXT,
                            "A program did what no program may; the message contains this text.",
                            List.of(),
                            a -> new Step.ExpectFault(a.text("fault").orElseThrow())),
                    new Verb(
                            "printed",
                            Kind.TEXT,
                            "A program has printed a line that contains this text.",
                            List.of(),
                            a -> new Step.ExpectPrinted(a.text("printed").orElseThrow())),
                    new Verb(
                            "close",
                            Kind.ENDPOINT,
                            "Closes the connection in order.",
                            List.of(),
                            a -> new Step.Close(a.endpoint("close"))),
                    new Verb(
                            "shutdown",
                            Kind.ENDPOINT,
                            "Ends what that end sends; it still receives.",
                            List.of(),
                            a -> new Step.Shutdown(a.endpoint("shutdown"))),
                    new Verb(
                            "reset",
                            Kind.ENDPOINT,
                            "Resets the connection; what is on its way is lost.",
                            List.of(),
                            a -> new Step.Reset(a.endpoint("reset"))),
                    new Verb(
                            "open",
                            Kind.SOCKET,
                            "Opens one more socket; sock_ops programs hear of it.",
                            List.of(optional("as", Kind.CHOICE, "which; a TCP socket accepted")),
                            a -> new Step.Open(a.text("open").orElseThrow(), a.choice("as"))),
                    new Verb(
                            "insert",
                            Kind.ELEMENT,
                            "Puts a socket into a map: MAP[KEY]=SOCKET.",
                            List.of(ERRNO),
                            a -> new Step.Insert(a.element("insert"), a.errno("errno"))),
                    new Verb(
                            "set",
                            Kind.ELEMENT,
                            "Sets an element of another map: MAP[KEY]=VALUE.",
                            List.of(),
                            a -> new Step.Set(a.element("set"))),
                    new Verb(
                            "delete",
                            Kind.PLACE,
                            "Takes an element out of a map.",
                            List.of(ERRNO),
                            a -> new Step.Delete(a.place("delete"), a.errno("errno"))),
                    new Verb(
                            "advance",
                            Kind.DURATION,
                            "Lets time go by; timers go off on the way.",
                            List.of(),
                            a -> new Step.Advance(a.duration("advance"))));

    private Verbs() {}

    static Optional<Verb> of(String name) {
        return ALL.stream().filter(verb -> verb.name().equals(name)).findFirst();
    }
}
