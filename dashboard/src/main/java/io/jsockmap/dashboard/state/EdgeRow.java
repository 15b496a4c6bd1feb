package io.jsockmap.dashboard.state;

/**
 * A socket that redirects to another, or to itself.
 *
 * @param source the socket's cookie
 * @param sourceLabel how people call it
 * @param target the cookie of the other
 * @param targetLabel how people call that
 * @param ingress to the target's application, or else to its peer
 * @param messages how many messages went there since somebody looks
 * @param bytes their bytes
 */
public record EdgeRow(
        long source,
        String sourceLabel,
        long target,
        String targetLabel,
        boolean ingress,
        long messages,
        long bytes,
        double messagesPerSecond,
        double bytesPerSecond) {}
