package io.jsockmap.dashboard.page;

import io.jsockmap.dashboard.state.Quantity;
import io.jsockmap.dashboard.state.Second;
import io.jsockmap.dashboard.state.State;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToLongFunction;

/** Verdicts a second over the last two minutes, as a drawing. */
final class ChartSvg {
    private static final int SECONDS = 120;
    private static final int LEFT = 70;
    private static final int TOP = 14;
    private static final int WIDTH = 720;
    private static final int HEIGHT = 150;

    private ChartSvg() {}

    static String draw(State state) {
        var seconds = state.history();
        long top = top(seconds.stream().mapToLong(ChartSvg::highest).max().orElse(0));
        return """
        <svg class="chart" viewBox="0 0 %d %d" role="img" aria-labelledby="chart-title chart-desc">
        <title id="chart-title">Verdicts per second, the last two minutes</title>
        <desc id="chart-desc">%s</desc>
        <path class="axis" d="M %d %d V %d H %d"/>
        <text class="tick" x="%d" y="%d" text-anchor="end">%s</text>
        <text class="tick" x="%d" y="%d" text-anchor="end">0</text>
        <text class="tick" x="%d" y="%d">2 minutes ago</text>
        <text class="tick" x="%d" y="%d" text-anchor="end">now</text>
        %s%s%s</svg>\
        """
                .formatted(
                        LEFT + WIDTH + 20,
                        TOP + HEIGHT + 30,
                        Html.text(inWords(seconds)),
                        LEFT,
                        TOP,
                        TOP + HEIGHT,
                        LEFT + WIDTH,
                        LEFT - 8,
                        TOP + 8,
                        Quantity.rate(top),
                        LEFT - 8,
                        TOP + HEIGHT,
                        LEFT,
                        TOP + HEIGHT + 20,
                        LEFT + WIDTH,
                        TOP + HEIGHT + 20,
                        line("pass", seconds, top, Second::pass),
                        line("redirect", seconds, top, Second::redirect),
                        line("drop", seconds, top, Second::drop));
    }

    private static long highest(Second second) {
        return Math.max(second.pass(), Math.max(second.drop(), second.redirect()));
    }

    /** The end of the scale: 1, 2 or 5 times a power of ten. */
    static long top(long highest) {
        long top = 1;
        for (int step = 0; top < highest; step++) top = step % 3 == 1 ? top / 2 * 5 : top * 2;
        return top;
    }

    private static String line(
            String kind, List<Second> seconds, long top, ToLongFunction<Second> value) {
        if (seconds.isEmpty()) return "";
        var points = new StringJoiner(" ");
        // The last second is at the right, however many there are.
        int first = SECONDS - seconds.size();
        for (int i = 0; i < seconds.size(); i++) {
            double x = LEFT + (double) WIDTH * (first + i) / (SECONDS - 1);
            double y = TOP + HEIGHT - (double) HEIGHT * value.applyAsLong(seconds.get(i)) / top;
            points.add(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
        }
        return "<polyline class=\"line %s\" points=\"%s\"/>%n".formatted(kind, points);
    }

    /** What one sees who sees the chart. */
    static String inWords(List<Second> seconds) {
        if (seconds.isEmpty()) return "Nothing was measured yet.";
        return "%s; %s; %s."
                .formatted(
                        inWords("Pass", seconds, Second::pass),
                        inWords("drop", seconds, Second::drop),
                        inWords("redirect", seconds, Second::redirect));
    }

    private static String inWords(String name, List<Second> seconds, ToLongFunction<Second> value) {
        return "%s now %s, %s at the most, %s on average"
                .formatted(
                        name,
                        Quantity.rate(value.applyAsLong(seconds.getLast())),
                        Quantity.rate(seconds.stream().mapToLong(value).max().orElse(0)),
                        Quantity.rate(seconds.stream().mapToLong(value).average().orElse(0)));
    }
}
