package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What editors show of the properties. */
class MetadataTest {

    @Test
    @DisplayName("every property is described, and those with a default name it")
    void described() throws IOException {
        assertThat(properties())
                .extracting(p -> p.get("name"), p -> p.get("type"), p -> p.get("defaultValue"))
                .containsExactlyInAnyOrder(
                        tuple("jsockmap.enabled", "java.lang.Boolean", true),
                        tuple("jsockmap.policy", "java.lang.String", ""),
                        tuple("jsockmap.watch", "java.lang.Boolean", false));
        assertThat(properties())
                .allSatisfy(p -> assertThat(p.get("description")).asString().endsWith("."));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> properties() throws IOException {
        var name = "/META-INF/spring-configuration-metadata.json";
        try (var json = SockmapProperties.class.getResourceAsStream(name)) {
            var text = new String(json.readAllBytes(), UTF_8);
            var all = JsonParserFactory.getJsonParser().parseMap(text);
            return ((List<Map<String, Object>>) all.get("properties"))
                    .stream()
                            .filter(p -> p.get("name").toString().startsWith("jsockmap."))
                            .toList();
        }
    }
}
