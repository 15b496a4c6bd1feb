package io.jsockmap.dashboard.state;

/**
 * Verdicts a second, and bytes that were judged a second.
 *
 * @param pass messages that went their ordinary way
 * @param drop messages that were thrown away
 * @param redirect messages that went elsewhere
 * @param bytes bytes of all of them
 */
public record Rates(double pass, double drop, double redirect, double bytes) {
    /** Nothing happens. */
    public static final Rates NONE = new Rates(0, 0, 0, 0);

    /** Messages of any verdict a second. */
    public double messages() {
        return pass + drop + redirect;
    }
}
