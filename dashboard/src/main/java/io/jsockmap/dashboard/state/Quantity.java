package io.jsockmap.dashboard.state;

import java.util.Locale;

/** Numbers as people read them. */
public final class Quantity {
    private static final String PREFIXES = "kMGTPE";
    private static final int STEP = 1000;

    private Quantity() {}

    /** With commas: {@code 1,234,567}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** In powers of 1000, with three digits at the least: {@code 1.23 MB}. */
    public static String bytes(double number) {
        return scaled(number, number < STEP ? " B" : "B");
    }

    /** {@link #bytes(double)} of a whole number. */
    public static String bytes(long number) {
        return bytes((double) number);
    }

    /** {@code 1.23 MB/s}. */
    public static String byteRate(double number) {
        return bytes(number) + "/s";
    }

    /** {@code 1.23 k/s}. */
    public static String rate(double number) {
        return scaled(number, "/s");
    }

    /** {@link #rate(double)} of a whole number. */
    public static String rate(long number) {
        return rate((double) number);
    }

    /** Hours, minutes and seconds: {@code 1:02:03}. */
    public static String time(long seconds) {
        return "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static String scaled(double number, String unit) {
        if (number < STEP) return digits(number) + unit;
        double rest = number;
        int step = -1;
        while (rest >= STEP && step < PREFIXES.length() - 1) {
            rest /= STEP;
            step++;
        }
        return digits(rest) + " " + PREFIXES.charAt(step) + unit;
    }

    private static String digits(double number) {
        if (number == Math.rint(number) && number < STEP)
            return String.format(Locale.ROOT, "%.0f", number);
        if (number < 10) return String.format(Locale.ROOT, "%.2f", number);
        return number < 100
                ? String.format(Locale.ROOT, "%.1f", number)
                : String.format(Locale.ROOT, "%.0f", number);
    }
}
