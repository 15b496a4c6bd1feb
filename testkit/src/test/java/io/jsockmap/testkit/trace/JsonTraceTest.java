package io.jsockmap.testkit.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.record.Tour;

import org.junit.jupiter.api.Test;

/** A run as JSON: the fields that docs/tracing.md promises. */
class JsonTraceTest {
    private static JsonObject json(String message, TraceOptions options) {
        try (var tour = new Tour(RunLimits.TRACE)) {
            var line = JsonTrace.of(tour.sends(message), options);
            assertThat(line).doesNotContain("\n");
            return JsonParser.parseString(line).getAsJsonObject();
        }
    }

    @Test
    void aRunHasItsSocketItsMessageAndItsVerdict() {
        var json = json("Wbc", TraceOptions.DEFAULT);

        assertThat(json.get("run").getAsLong()).isEqualTo(1);
        assertThat(json.get("program").getAsString()).isEqualTo("first");
        assertThat(json.get("type").getAsString()).isEqualTo("sk_msg");
        assertThat(json.get("role").getAsString()).isEqualTo("send_verdict");
        assertThat(json.getAsJsonObject("socket"))
                .hasToString(
                        "{\"cookie\":1,\"kind\":\"tcp\",\"local\":\"10.0.0.1:40000\","
                                + "\"remote\":\"10.0.0.3:8080\"}");
        assertThat(json.getAsJsonObject("message"))
                .hasToString(
                        "{\"received\":false,\"length\":3,\"linear\":3,\"bytes\":\"576263\","
                                + "\"lengthAfter\":3,\"bytesAfter\":\"572163\"}");
        assertThat(json.getAsJsonObject("context").get("family").getAsString())
                .isEqualTo("AF_INET");
        assertThat(json.get("verdict").getAsString()).isEqualTo("pass");
        assertThat(json.get("value").getAsLong()).isEqualTo(1);
        assertThat(json.getAsJsonObject("decided").get("line").getAsInt()).isEqualTo(85);
    }

    @Test
    void aRunHasItsFunctionsLinesAndCalls() {
        var json = json("X" + "y".repeat(120), TraceOptions.DEFAULT);

        assertThat(json.getAsJsonArray("functions").get(1))
                .hasToString(
                        "{\"name\":\"note\",\"program\":\"first\",\"depth\":2,\"entry\":\"call\","
                                + "\"arguments\":{\"kind\":\"88\",\"weight\":\"HEAVY\","
                                + "\"bytes\":\"121\"}}");
        assertThat(json.getAsJsonArray("calls").get(1))
                .hasToString(
                        "{\"name\":\"bpf_map_lookup_elem\",\"arguments\":[\"map=kinds\","
                                + "\"key=88\"],\"result\":0,\"means\":\"NULL\",\"line\":55}");
        assertThat(json.getAsJsonArray("lines").asList())
                .extracting(line -> line.getAsJsonObject().get("text").getAsString())
                .contains("if (weight == HEAVY)");
        assertThat(json.getAsJsonArray("printed").asList())
                .extracting(JsonElement::getAsString)
                .containsExactly("heavy message of 121 bytes");
    }

    @Test
    void withoutLinesThereAreNone() {
        var json = json("Pa", new TraceOptions(false, 1));

        assertThat(json.keySet()).doesNotContain("lines", "calls", "functions");
        assertThat(json.getAsJsonObject("message").get("bytes").getAsString()).isEqualTo("50");
    }
}
