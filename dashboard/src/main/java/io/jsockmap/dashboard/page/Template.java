package io.jsockmap.dashboard.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page with places for its parts: {@code {{name}}}. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private final String text;

    private Template(String text) {
        this.text = text;
    }

    /** A file beside this class. */
    static Template read(String name) {
        return new Template(new String(resource(name), StandardCharsets.UTF_8));
    }

    static byte[] resource(String name) {
        try (var in = Template.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("the module lacks " + name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param parts HTML for every place
     */
    String fill(Map<String, String> parts) {
        return PLACE.matcher(text)
                .replaceAll(
                        place -> {
                            var part = parts.get(place.group(1));
                            if (part == null) throw new IllegalStateException("no part " + place);
                            return Matcher.quoteReplacement(part);
                        });
    }
}
