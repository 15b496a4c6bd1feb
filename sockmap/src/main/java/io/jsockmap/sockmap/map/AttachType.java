package io.jsockmap.sockmap.map;

import java.util.Arrays;
import java.util.Optional;

/**
 * Where a program goes: a slot of a socket map, or the hook of connections.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="load"}
 */
public enum AttachType {
    /** BPF_CGROUP_SOCK_OPS: what the connections of the engine do. */
    SOCK_OPS(3, "sock_ops", "cgroup_sock_ops", "sock_ops"),
    /** BPF_SK_SKB_STREAM_PARSER: finds messages in received streams. */
    SK_SKB_STREAM_PARSER(4, "sk_skb", "sk_skb_stream_parser", "stream_parser"),
    /** BPF_SK_SKB_STREAM_VERDICT: judges received messages. */
    SK_SKB_STREAM_VERDICT(5, "sk_skb", "sk_skb_stream_verdict", "stream_verdict"),
    /** BPF_SK_MSG_VERDICT: judges sent messages. */
    SK_MSG_VERDICT(7, "sk_msg", "sk_msg_verdict", "msg_verdict"),
    /** BPF_SK_SKB_VERDICT: judges received buffers, whole or not. */
    SK_SKB_VERDICT(38, "sk_skb", "sk_skb_verdict", "skb_verdict", "verdict");

    private final int number;
    private final String programType;
    private final String[] names;

    AttachType(int number, String programType, String... names) {
        this.number = number;
        this.programType = programType;
        this.names = names;
    }

    /** The kernel's number ({@code enum bpf_attach_type}). */
    public int number() {
        return number;
    }

    /** The name of the type of programs that go there. */
    public String programType() {
        return programType;
    }

    /** The attach type that bpftool, in its older or newer releases, calls so. */
    public static Optional<AttachType> of(String name) {
        return Arrays.stream(values())
                .filter(type -> Arrays.asList(type.names).contains(name))
                .findFirst();
    }

    /** The shorter name that bpftool's older releases have for it. */
    public String olderName() {
        return names[1];
    }

    /** As bpftool writes it. */
    @Override
    public String toString() {
        return names[0];
    }
}
