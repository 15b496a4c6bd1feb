package io.jsockmap.cli.bpftool;

import com.google.gson.JsonElement;

import java.io.PrintWriter;

/** Maps as bpftool prints them. */
final class MapText {
    private MapText() {}

    /** One map, or many. */
    static void list(JsonElement result, PrintWriter out) {
        if (result.isJsonArray()) result.getAsJsonArray().forEach(m -> print(new Fields(m), out));
        else print(new Fields(result), out);
    }

    private static void print(Fields map, PrintWriter out) {
        out.printf(
                "%s: %s  name %s  flags 0x%x%n\tkey %sB  value %sB  max_entries %s%n",
                map.text("id"),
                map.text("type"),
                map.text("name"),
                map.number("flags"),
                map.text("bytes_key"),
                map.text("bytes_value"),
                map.text("max_entries"));
        boolean frozen = map.number("frozen") != 0;
        if (map.has("btf_id")) {
            out.printf("\tbtf_id %s%s%n", map.text("btf_id"), frozen ? "  frozen" : "");
        } else if (frozen) {
            out.printf("\tfrozen%n");
        }
    }
}
