package io.jsockmap.testkit.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The JSON Schema of scenario files, for editors that complete and check; made of the tables.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="schema"}
 */
public final class ScenarioSchema {
    private ScenarioSchema() {}

    /** The schema (draft 2020-12). */
    public static String json() {
        var keys =
                Arrays.stream(ScenarioKey.values())
                        .map(key -> property(key.key(), key.schema(), key.words()))
                        .collect(Collectors.joining(",\n    "));
        var steps =
                Verbs.ALL.stream()
                        .map(ScenarioSchema::step)
                        .collect(Collectors.joining(",\n      "));
        return """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "A scenario for jsockmap test",
          "type": "object",
          "additionalProperties": false,
          "required": ["steps"],
          "properties": {
            %s
          },
          "$defs": {
            "payload": {
              "oneOf": [
                {"type": ["string", "number"]},
                {"type": "object", "additionalProperties": false, "required": ["hex"], "properties": {"hex": {"type": "string"}}},
                {"type": "object", "additionalProperties": false, "required": ["file"], "properties": {"file": {"type": "string"}}},
                {"type": "object", "additionalProperties": false, "required": ["repeat", "times"], "properties": {"repeat": {"type": "string"}, "times": {"type": "integer", "minimum": 0}}},
                {"type": "object", "additionalProperties": false, "required": ["pcap"], "properties": {"pcap": {"type": "string"}, "conversation": {"type": "integer", "minimum": 1}, "sent-by": {"enum": ["client", "server"]}}}
              ]
            },
            "verdict": {"enum": ["PASS", "DROP", "REDIRECT"]},
            "socket": {
              "oneOf": [
                {"enum": ["accepted", "connected"]},
                {"type": "object", "additionalProperties": false, "properties": {%s}}
              ]
            },
            "step": {
              "oneOf": [
                %s
              ]
            }
          }
        }
        """
                .formatted(
                        keys,
                        Sockets.FIELDS.stream()
                                .map(ScenarioSchema::property)
                                .collect(Collectors.joining(", ")),
                        steps);
    }

    private static String step(Verb verb) {
        var own = property(verb.name(), verb.kind().schema(), verb.words());
        var properties =
                Stream.concat(Stream.of(own), verb.fields().stream().map(ScenarioSchema::property))
                        .collect(Collectors.joining(", "));
        var required =
                Stream.concat(
                                Stream.of(verb.name()),
                                verb.fields().stream()
                                        .filter(Verb.Field::required)
                                        .map(Verb.Field::name))
                        .map(name -> "\"" + name + "\"")
                        .collect(Collectors.joining(", "));
        return "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [%s], \"properties\": {%s}}"
                .formatted(required, properties);
    }

    private static String property(Verb.Field field) {
        return property(field.name(), field.kind().schema(), field.words());
    }

    private static String property(String name, String schema, String words) {
        return "\"%s\": {%s, \"description\": \"%s\"}"
                .formatted(name, schema, words.replace("\\", "\\\\").replace("\"", "\\\""));
    }

    /** The same for people: tables in Markdown. */
    public static String markdown() {
        var text = new StringBuilder("| key | what it says |\n| --- | --- |\n");
        for (var key : ScenarioKey.values()) row(text, key.key(), key.words());
        text.append("\nSteps:\n\n| step | what it does | keys |\n| --- | --- | --- |\n");
        for (var verb : Verbs.ALL) {
            row(
                    text,
                    verb.name(),
                    "%s (%s)".formatted(verb.words(), verb.kind().words()),
                    keys(verb.fields()));
        }
        text.append("\nA socket is `accepted`, `connected`, or a mapping: ");
        text.append(keys(Sockets.FIELDS)).append(".\n");
        return text.toString();
    }

    private static String keys(List<Verb.Field> fields) {
        return fields.stream()
                .map(
                        field ->
                                "`%s` (%s%s)"
                                        .formatted(
                                                field.name(),
                                                field.words(),
                                                field.required() ? "; required" : ""))
                .collect(Collectors.joining(", "));
    }

    private static void row(StringBuilder text, String key, String... cells) {
        text.append("| `").append(key).append("` | ");
        text.append(String.join(" | ", cells).replace("\n", " ")).append(" |\n");
    }
}
