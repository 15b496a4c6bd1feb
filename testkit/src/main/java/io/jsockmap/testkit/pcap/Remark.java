package io.jsockmap.testkit.pcap;

/**
 * What somebody wrote about a packet (pcapng's opt_comment).
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="write"}
 *
 * @param packet which, from 1
 * @param text what
 */
public record Remark(long packet, String text) {}
