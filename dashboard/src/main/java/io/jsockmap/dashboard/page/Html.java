package io.jsockmap.dashboard.page;

/** Text in HTML. */
final class Html {
    private Html() {}

    /** Text that stays text, between tags and in quoted attributes. */
    static String text(Object value) {
        var out = new StringBuilder();
        value.toString().chars().forEach(c -> append((char) c, out));
        return out.toString();
    }

    private static void append(char c, StringBuilder out) {
        switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            default -> out.append(c);
        }
    }
}
