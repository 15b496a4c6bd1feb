package io.jsockmap.dashboard.state;

/**
 * A message that was judged.
 *
 * @param time milliseconds since 1970
 * @param socket whose it is
 * @param direction {@code received} or {@code sent}
 * @param program who judged
 * @param verdict {@code pass}, {@code drop} or {@code redirect}
 * @param target where it went instead; empty if nowhere else
 * @param line the C line that decided; empty if the object does not tell
 * @param length bytes
 * @param hex its first 64 bytes; empty if nobody has looked at them and they passed unseen
 * @param text the same as text, a dot for each byte that can't be printed
 */
public record MessageRow(
        long time,
        String socket,
        String direction,
        String program,
        String verdict,
        String target,
        String line,
        int length,
        String hex,
        String text) {}
