package io.jsockmap.dashboard.collect;

/**
 * A socket that redirects to another.
 *
 * {@snippet class="io.jsockmap.dashboard.examples.DashboardExamples" region="collect"}
 *
 * @param source its cookie
 * @param target the other's cookie
 * @param ingress to the other's application, or else to its peer
 * @param messages how many, since somebody looks
 * @param bytes their bytes
 */
public record Edge(
        long source,
        long target,
        boolean ingress,
        long messages,
        long bytes,
        double messagesPerSecond,
        double bytesPerSecond) {}
