package io.jsockmap.testkit.scenario;

/** What an argument of a step is: for the reader, the schema and the docs alike. */
enum Kind {
    PAYLOAD(
            "\"$ref\": \"#/$defs/payload\"",
            "bytes: a text, of which each character is a byte, or {hex: 0a0b}, {file: PATH},"
                    + " {repeat: TEXT, times: N}, {pcap: FILE, conversation: N, sent-by: client}"),
    ENDPOINT(
            "\"type\": \"string\"",
            "an end: client is the application that has the socket, client.peer who it is connected"
                    + " to"),
    SOCKET("\"type\": \"string\"", "a socket's name"),
    ELEMENT("\"type\": \"string\"", "MAP[KEY]=VALUE, in the notation of keys"),
    PLACE("\"type\": \"string\"", "MAP[KEY], or a variable's name"),
    VALUE("\"type\": [\"string\", \"number\", \"boolean\"]", "a value, in the notation of values"),
    TEXT("\"type\": \"string\"", "a text"),
    NAME("\"type\": [\"string\", \"integer\"]", "a name, or the number of a line"),
    NUMBER("\"type\": \"integer\", \"minimum\": 0", "a number"),
    NUMBERS(
            "\"type\": \"array\", \"items\": {\"type\": \"integer\", \"minimum\": 1}",
            "lengths in bytes"),
    DURATION(
            "\"type\": \"string\", \"pattern\": \"^[0-9]+(ns|us|ms|s|m|h)$\"",
            "a time: 250ms, 5s, 1h"),
    ERRNO("\"type\": \"string\", \"pattern\": \"^E[A-Z0-9]+$\"", "an errno's name: EACCES"),
    VERDICTS(
            "\"oneOf\": [{\"$ref\": \"#/$defs/verdict\"}, {\"type\": \"array\", \"items\":"
                    + " {\"$ref\": \"#/$defs/verdict\"}}]",
            "PASS, DROP or REDIRECT, or a list of them"),
    MATCH("\"enum\": [\"exact\", \"start\", \"contains\"]", "exact (the default), start, contains"),
    CHOICE("\"$ref\": \"#/$defs/socket\"", "which socket it is, as under sockets");

    private final String schema;
    private final String words;

    Kind(String schema, String words) {
        this.schema = schema;
        this.words = words;
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
