package io.jsockmap.dashboard.page;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rows of a table's body. */
final class Rows {
    private final StringBuilder out = new StringBuilder("<tr>");

    private Rows() {}

    /**
     * All rows of a table; if there are none, one that says so.
     *
     * @param columns how many columns the table has
     */
    static <T> String of(List<T> all, int columns, String none, Function<T, Rows> row) {
        if (all.isEmpty()) {
            return "<tr><td class=\"none\" colspan=\"%d\">%s</td></tr>"
                    .formatted(columns, Html.text(none));
        }
        return all.stream().map(one -> row.apply(one).end()).collect(Collectors.joining("\n"));
    }

    static Rows row() {
        return new Rows();
    }

    /** The cell by which people know the row. */
    Rows head(Object value) {
        return cell("<th scope=\"row\">", Html.text(value), "</th>");
    }

    /** The same as a link. */
    Rows link(String target, Object value) {
        var link = "<a href=\"%s\">%s</a>".formatted(Html.text(target), Html.text(value));
        return cell("<th scope=\"row\">", link, "</th>");
    }

    Rows text(Object value) {
        return cell("<td>", Html.text(value), "</td>");
    }

    /** A number, which is written to the right. */
    Rows number(Object value) {
        return cell("<td class=\"number\">", Html.text(value), "</td>");
    }

    /** Code, or bytes. */
    Rows code(Object value) {
        return cell("<td><code>", Html.text(value), "</code></td>");
    }

    /** A word that has a color too. */
    Rows word(String kind, Object value) {
        return cell(
                "<td><span class=\"word %s\">".formatted(Html.text(kind)),
                Html.text(value),
                "</span></td>");
    }

    private Rows cell(String before, String inside, String behind) {
        out.append(before).append(inside).append(behind);
        return this;
    }

    private String end() {
        return out.append("</tr>").toString();
    }
}
