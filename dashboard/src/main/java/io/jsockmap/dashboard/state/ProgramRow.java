package io.jsockmap.dashboard.state;

/**
 * What a program decided since the start.
 *
 * @param program its name
 * @param direction {@code received} or {@code sent}
 * @param verdict {@code pass}, {@code drop} or {@code redirect}
 * @param messages how many messages
 * @param bytes their bytes, as the program left them
 */
public record ProgramRow(
        String program, String direction, String verdict, long messages, long bytes) {}
