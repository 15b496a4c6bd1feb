package io.jsockmap.testkit.scenario;

import java.util.Arrays;
import java.util.List;

/** What a scenario may say besides its steps: for the reader, the schema and the docs alike. */
enum ScenarioKey {
    NAME("name", "\"type\": \"string\"", "what the scenario says of the program"),
    OBJECT(
            "object",
            "\"type\": \"string\"",
            "the object file, from the scenario's folder; needed where the command line names"
                    + " none"),
    SOCKETS(
            "sockets",
            "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/socket\"}",
            "the sockets there are from the start, by name"),
    INSERT("insert", texts(), "which of them are in which maps: MAP[KEY]=SOCKET"),
    SET("set", texts(), "variables and elements of maps, set before: NAME=VALUE, MAP[KEY]=VALUE"),
    ATTACH("attach", texts(), "where programs go whose sections do not tell: PROGRAM=MAP[:ATTACH]"),
    SKIP("skip", texts(), "programs that are not loaded"),
    TYPE(
            "type",
            "\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}",
            "sections that programs are taken for, by program"),
    MAX_ENTRIES(
            "max-entries",
            "\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}",
            "other sizes of maps, by map"),
    BTF("btf", "\"type\": \"string\"", "a file of the kernel's types, for CO-RE"),
    RECEIVE_BUFFER(
            "receive-buffer",
            "\"type\": \"integer\", \"minimum\": 1",
            "how many received bytes each socket holds; 131072"),
    SEND_BUFFER(
            "send-buffer",
            "\"type\": \"integer\", \"minimum\": 1",
            "how many bytes to be sent each socket holds; 262144"),
    PLAYS(
            "plays",
            "\"enum\": [\"all\", \"kernel\", \"whole\"]",
            "which ways it is played: all (the default), kernel, whole; less than all is told"),
    STEPS(
            "steps",
            "\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/step\"}",
            "what is done and expected, in order");

    private final String key;
    private final String schema;
    private final String words;

    ScenarioKey(String key, String schema, String words) {
        this.key = key;
        this.schema = schema;
        this.words = words;
    }

    private static String texts() {
        return "\"type\": \"array\", \"items\": {\"type\": \"string\"}";
    }

    /** As they are written, in their order. */
    static List<String> keys() {
        return Arrays.stream(values()).map(ScenarioKey::key).toList();
    }

    String key() {
        return key;
    }

    /** Members of its JSON Schema. */
    String schema() {
        return schema;
    }

    /** For people. */
    String words() {
        return words;
    }
}
