package io.jsockmap.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Every text can be read on every ground: WCAG 2.2, 1.4.3, and 1.4.11 for lines. */
class PaletteTest {
    private static final String STYLE = new String(LivePage.style(), StandardCharsets.UTF_8);
    private static final Pattern COLOR = Pattern.compile("--([a-z]+): #([0-9a-f]{6});");
    private static final List<String> TEXTS =
            List.of("text", "faint", "link", "pass", "redirect", "drop");
    private static final List<String> GROUNDS = List.of("ground", "raised");

    /** The names' colors; the light ones stand before the dark ones. */
    private static Map<String, Integer> colors(String scheme) {
        int dark = STYLE.indexOf("@media (prefers-color-scheme: dark)");
        assertThat(dark).isPositive();
        var part = scheme.equals("dark") ? STYLE.substring(dark) : STYLE.substring(0, dark);
        Map<String, Integer> colors = new HashMap<>();
        COLOR.matcher(part)
                .results()
                .forEach(c -> colors.put(c.group(1), Integer.parseInt(c.group(2), 16)));
        return colors;
    }

    private static double contrast(int one, int other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(int color) {
        return 0.2126 * linear(color >> 16) + 0.7152 * linear(color >> 8) + 0.0722 * linear(color);
    }

    private static double linear(int channel) {
        double value = (channel & 0xff) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void textStandsOut(String scheme) {
        var colors = colors(scheme);
        assertThat(colors).containsKeys(TEXTS.toArray(String[]::new));
        for (var text : TEXTS) {
            for (var ground : GROUNDS) {
                assertThat(contrast(colors.get(text), colors.get(ground)))
                        .as("%s on %s, %s", text, ground, scheme)
                        .isGreaterThanOrEqualTo(4.5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void linesAndTheFocusAreSeen(String scheme) {
        var colors = colors(scheme);
        for (var line : List.of("rule", "focus")) {
            assertThat(contrast(colors.get(line), colors.get("ground")))
                    .as("%s, %s", line, scheme)
                    .isGreaterThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#[0-9a-f]{3,8}\\b", "\\brgba?\\(", "\\bhsla?\\("})
    void noColorIsWrittenElsewhere(String notation) {
        var rest = COLOR.matcher(STYLE).replaceAll("");
        assertThat(rest).doesNotContainPattern(notation);
    }
}
