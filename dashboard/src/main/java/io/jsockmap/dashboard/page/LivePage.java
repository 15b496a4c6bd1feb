package io.jsockmap.dashboard.page;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import io.jsockmap.dashboard.maps.MapPage;
import io.jsockmap.dashboard.state.State;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The page that shows what the proxy does. It is drawn here only: a browser gets it whole at first,
 * and then the parts that live, which its script puts in the place of the old ones.
 */
public final class LivePage {
    private static final Template PAGE = Template.read("page.html");
    private static final Template MAP = Template.read("map.html");
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private LivePage() {}

    /** All of the page. */
    public static String page(State state) {
        Map<String, String> parts = new HashMap<>(Parts.of(state));
        parts.put("object", Html.text(state.object()));
        parts.put("listening", Html.text(state.listening()));
        return PAGE.fill(parts);
    }

    /** The parts that live, by the ids of their elements, as JSON on one line. */
    public static String parts(State state) {
        return GSON.toJson(Parts.of(state));
    }

    /** A page of a map's entries. */
    public static String map(String object, String name, String kind, MapPage page) {
        var none = page.problem().isEmpty() ? "The map is empty." : page.problem();
        return MAP.fill(
                Map.of(
                        "object", Html.text(object),
                        "name", Html.text(name),
                        "kind", Html.text(kind),
                        "entries",
                                Rows.of(
                                        page.entries(),
                                        2,
                                        none,
                                        entry -> Rows.row().code(entry.key()).code(entry.value())),
                        "number", String.valueOf(page.number()),
                        "pages", String.valueOf(page.pages()),
                        "links", links(page)));
    }

    private static String links(MapPage page) {
        var out = new StringBuilder();
        if (page.number() > 1) out.append(link(page.number() - 1, "prev", "Previous page"));
        if (page.number() < page.pages()) out.append(link(page.number() + 1, "next", "Next page"));
        return out.toString();
    }

    private static String link(int number, String relation, String text) {
        return "<li><a rel=\"%s\" href=\"?page=%d\">%s</a></li>".formatted(relation, number, text);
    }

    /** Where a map is shown. */
    static String mapLink(String name) {
        return "/maps/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The style sheet. */
    public static byte[] style() {
        return Template.resource("style.css");
    }

    /** The script. */
    public static byte[] script() {
        return Template.resource("page.js");
    }

    /** The small picture beside the page's name. */
    public static byte[] icon() {
        return Template.resource("icon.svg");
    }
}
