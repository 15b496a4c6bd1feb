package io.jsockmap.dashboard.state;

/**
 * What happened since the start.
 *
 * @param faults runs that were ended because the program did what no program may
 * @param losses how often bytes were thrown away without a verdict that says so
 * @param lostBytes how many bytes that were
 * @param refusals sockets that a program could not insert
 * @param failures mistakes of the engine itself
 * @param pauses how often a judged message had to wait for room
 * @param paused how many sockets wait for it now
 */
public record Counts(
        long faults,
        long losses,
        long lostBytes,
        long refusals,
        long failures,
        long pauses,
        long paused) {}
