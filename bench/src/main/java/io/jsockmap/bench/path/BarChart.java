package io.jsockmap.bench.path;

import java.util.List;
import java.util.Locale;

/** Bars from left to right, in SVG, for light pages and dark ones. */
record BarChart(String title, List<Bar> bars) {
    private static final int WIDTH = 720;
    private static final int NAMES = 140;
    private static final int NUMBERS = 100;
    private static final int LINE = 26;
    private static final int BAR = 18;
    private static final int TOP = 44;

    /**
     * A bar.
     *
     * @param value its length; not below 0 is drawn
     * @param text the number behind it
     * @param isOurs whether it is drawn in the other colour
     */
    record Bar(String name, double value, String text, boolean isOurs) {}

    String svg() {
        int height = TOP + LINE * bars.size() + 10;
        var svg =
                new StringBuilder(
                        """
                        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%1$d" \
                        height="%2$d" role="img" aria-label="%s">
                        <style>
                        text { font: 13px sans-serif; fill: #1f2328; }
                        .title { font-size: 15px; font-weight: bold; }
                        .name { text-anchor: end; }
                        .theirs { fill: #8c959f; }
                        .ours { fill: #0969da; }
                        @media (prefers-color-scheme: dark) {
                          text { fill: #e6edf3; }
                          .theirs { fill: #6e7681; }
                          .ours { fill: #4493f8; }
                        }
                        </style>
                        <text class="title" x="10" y="24">%3$s</text>
                        """
                                .formatted(WIDTH, height, escape(title)));
        double longest = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        int top = TOP;
        for (var bar : bars) {
            svg.append(line(bar, top, longest));
            top += LINE;
        }
        return svg.append("</svg>\n").toString();
    }

    private static String line(Bar bar, int top, double longest) {
        double part = longest > 0 ? Math.max(0, bar.value / longest) : 0;
        double length = part * (WIDTH - NAMES - NUMBERS);
        return String.format(
                Locale.ROOT,
                """
                <text class="name" x="%d" y="%d">%s</text>
                <rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>
                <text x="%.1f" y="%2$d">%s</text>
                """,
                NAMES - 8,
                top + 14,
                escape(bar.name),
                bar.isOurs ? "ours" : "theirs",
                NAMES,
                top,
                length,
                BAR,
                NAMES + length + 8,
                escape(bar.text));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
