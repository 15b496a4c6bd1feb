package io.jsockmap.testkit.lint;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The table of rules; docs/lint.md is made of it. A finding's own sentences say the same of the
 * program at hand.
 *
 * {@snippet class="io.jsockmap.testkit.examples.LintExamples" region="accepted"}
 */
public enum Rule {
    VERIFIER_REFUSAL(
            "Linux would not load the program",
            """
            The verifier refuses it, so nothing of it will ever run. The other rules look at what can be read of it all the same.
            """,
            "See `jsockmap verify`, which says where and why, and what would make it legal."),
    RESULT_IGNORED(
            "The result of a helper that can fail is not looked at",
            """
            No path reads R0 behind the call. Where the call fails (no memory, a message that is too short, a full map) the program goes
            on as if it had been done. It is a warning where wrong bytes can come of it, and a note where the failure is harmless
            to the message: bytes that were not loaded are zeros, a bounds check behind a pull that failed finds nothing, a
            socket or an element is just missing in its map. Updates of arrays and of LRU maps are not reported: they do not
            fail for lack of room.
            """,
            "Compare the result with 0 and decide what becomes of the message where the call"
                    + " failed."),
    REDIRECT_IGNORED(
            "The result of a redirect is not looked at",
            """
            A redirect that finds no target, or may not use it, returns SK_DROP and chooses nothing. A program that then returns SK_PASS all the
            same sends, or hands to the local reader, what was to be redirected. That is right for a shortcut that may fall
            back to the ordinary way, and wrong for a policy or a proxy; hence a note.
            """,
            "Return what the helper returned, or compare it with SK_PASS."),
    PACKET_WITHOUT_PULL(
            "Packet bytes are looked at that Linux does not show",
            """
            A TCP stream is not linear: between data and data_end an SK_SKB program finds no byte of it before bpf_skb_pull_data, so its
            comparison with data_end always takes the branch for messages that are too short, and that branch does not pull either.
            A parser may not pull (see parser-changes-buffer); it copies with bpf_skb_load_bytes. For programs that may be meant for
            datagrams (sk_skb/verdict, or no attach type in the section) it is a note.
            """,
            "Call bpf_skb_pull_data(skb, n) first, or copy with bpf_skb_load_bytes; `--delivery"
                    + " hostile` shows the difference."),
    ASSUMES_ONE_SEGMENT(
            "Only the first piece of a message is looked at",
            """
            An SK_MSG program sees the first element of a message, and where that ends hangs on the allocator and on how the sender cut
            its writes. Where the comparison with data_end fails, this program neither pulls the rest nor waits for more.
            """,
            "Call bpf_msg_pull_data(msg, 0, n, 0) first where msg->size is at least n, and"
                    + " bpf_msg_cork_bytes(msg, n) where it is not."),
    PORT_BYTE_ORDER(
            "A port is taken in the wrong byte order",
            """
            local_port is in host order; remote_port is in network order in a 32-bit number, so its lower 16 bits are always 0 on
            little-endian machines and bpf_ntohl() of it is the port. A comparison, a cut or a swap that can give nothing but 0 or
            never holds was meant for the other order.
            """,
            "Use bpf_ntohl(remote_port), 32 bits, and local_port as it is."),
    ADDRESS_BYTE_ORDER(
            "An IPv4 address is compared in the wrong byte order",
            """
            local_ip4 and remote_ip4 are in network order. The number read the other way round is a loopback or private address.
            """,
            "Write the constant as bpf_htonl(0x7f000001), or swap the field."),
    KEY_PADDING(
            "A key has bytes that were never written",
            """
            All bytes of a key count, padding too, and a stack holds whatever was there before. The kernel lets privileged programs
            read it; the lookup then finds nothing, now and then. It is a note where only some paths leave bytes out.
            """,
            "Clear the key first with __builtin_memset(&key, 0, sizeof(key)), or give its padding a"
                    + " name and a zero."),
    KEY_NEVER_MATCHES(
            "No key of this form is ever inserted",
            """
            The programs of the object put sockets into the map under keys that have a port in the one byte order, and look them
            up by keys that have it, at the same place, in the other. Keys are compared byte by byte.
            """,
            "Bring ports into one order before they go into a key, in all programs alike:"
                    + " bpf_ntohl(remote_port) beside local_port."),
    REDIRECT_TO_SELF(
            "A message is redirected to its own sender",
            """
            The key of the redirect is made exactly as that under which a sock_ops program inserted the very socket that is
            sending. Its bytes come back to its own reader, or go where they would have gone anyway.
            """,
            "Swap both ends in the key of the redirect: the peer's local end is this socket's"
                    + " remote end."),
    VERDICT_NEITHER(
            "A verdict is neither SK_PASS nor SK_DROP",
            """
            SK_PASS is 1, and every other value drops. The result of a helper is no verdict: 0, its success, is SK_DROP, and an
            error drops without a trace.
            """,
            "Return SK_PASS or SK_DROP by name."),
    VERDICT_NEVER_PASS(
            "No message ever gets through",
            "All paths of the verdict return SK_DROP; a redirect that was chosen before counts for"
                    + " nothing then.",
            "Return SK_PASS on some path, or what the redirect helper returned."),
    VERDICT_DOES_NOTHING(
            "A verdict passes everything and does nothing else",
            "It only costs time, and on a socket with a verdict reads and polls behave otherwise"
                    + " than on others.",
            "Attach no program, or let it do something."),
    PARSER_NEVER_COMPLETES(
            "A parser never finds the end of a message",
            """
            A parser returns the length of the message, 0 for more bytes, or an error that stops the stream for good. This one can
            return 0 or errors only, so no message ever reaches the verdict.
            """,
            "Return the message's length, skb->len for whatever is there."),
    PARSER_CHANGES_BUFFER(
            "A parser calls a helper that changes the buffer",
            """
            Later kernels refuse such a program as a stream parser, with EINVAL when it is attached; earlier ones take it.
            """,
            "Read with bpf_skb_load_bytes, and leave changes to the verdict."),
    FRAMED_MESSAGE_RESIZED(
            "A verdict changes the length of a message that a parser has framed",
            """
            The length is recorded when the message is framed. What is added is cut off again; what is taken away makes Linux panic,
            or breaks the target of a redirect. jsockmap forwards what the program left.
            """,
            "Change lengths without a parser, or on the send side by an SK_MSG program."),
    END_OF_STREAM_REDIRECTED(
            "The end of the stream is redirected as an empty message",
            """
            Without a parser Linux runs the verdict once more on an empty buffer when the stream ends. To redirect it breaks the target: its
            sends fail with EPIPE, or its reader with EFAULT, and all that is redirected to it later is lost.
            """,
            "Begin with if (skb->len == 0) return SK_PASS."),
    CALL_ALWAYS_FAILS(
            "A helper is given what it always refuses",
            "The arguments are constants outside of what the helper takes, so the call never does"
                    + " anything.",
            "See bpf-helpers(7) for what the argument may be."),
    CALLBACK_NOT_ENABLED(
            "A callback is waited for that is never made",
            """
            Some callbacks of sock_ops come only for sockets whose flag is set, and no program of the object sets it.
            """,
            "Call bpf_sock_ops_cb_flags_set in the callback of the established connection."),
    MAP_WITHOUT_PROGRAM(
            "Sockets are inserted into a map that no program here is for",
            """
            A socket takes over the programs that its map has when it is inserted, and no others later. The object has none that could
            be attached to the map, so another object's must be, before the first connection; else the sockets are
            mere targets.
            """,
            "Attach the verdict first, then the sock_ops program."),
    ATTACHED_AFTER_SOCKETS(
            "Sockets were inserted before the program was attached",
            """
            A socket takes over the programs that its map has when it is inserted, and no others later. This is found in a
            running object.
            """,
            "Attach programs before sockets are inserted, or take these out and insert them"
                    + " again."),
    PRINTK_LEFT_IN(
            "A program prints for every message",
            """
            bpf_printk writes to one buffer for the whole machine, which everybody may read and which costs more than most verdicts.
            """,
            "Take it out, or put it behind a const volatile switch that is off."),
    LICENSE_MISSING(
            "The object has no license section",
            """
            The kernel then takes the programs as not compatible with the GPL and refuses helpers that ask for it.
            """,
            "Add char LICENSE[] SEC(\"license\") = \"GPL\", or another that is true.");

    private final String title;
    private final String why;
    private final String fix;

    Rule(String title, String why, String fix) {
        this.title = title;
        this.why = why.strip().replaceAll("\\s+", " ");
        this.fix = fix;
    }

    /** Its name in kebab case, {@code result-ignored}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The rule of that name. */
    public static Optional<Rule> of(String id) {
        return Arrays.stream(values()).filter(rule -> rule.id().equals(id)).findFirst();
    }

    /** What is wrong, in a line. */
    public String title() {
        return title;
    }

    /** What comes of it, and when it is no mistake. */
    public String why() {
        return why;
    }

    /** How it is usually repaired. */
    public String fix() {
        return fix;
    }

    @Override
    public String toString() {
        return id();
    }
}
