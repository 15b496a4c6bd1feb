package io.jsockmap.conformance.receive;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The object {@code c42-parser}: a parser whose answer is set here, and a verdict that passes. */
final class Parser {
    private final SockmapObject object;
    private final Stream source;

    Parser(Lab lab, Stream source) {
        object = lab.load("c42-parser");
        this.source = source;
    }

    /** Both programs judge the source. */
    static Parser of(Lab lab, Stream source) {
        var parser = new Parser(lab, source);
        parser.attach("parse", AttachType.SK_SKB_STREAM_PARSER);
        parser.attach("pass", AttachType.SK_SKB_STREAM_VERDICT);
        return parser;
    }

    void attach(String program, AttachType type) {
        object.sockMap("sockets").attach(object.program(program), type);
    }

    void insert() {
        object.sockMap("sockets").update(0, source.socket(), UpdateFlag.ANY);
    }

    void remove() {
        object.sockMap("sockets").delete(0);
    }

    /** The parser returns 0 below so many bytes, and then this. */
    void answers(int below, int answer) {
        object.map("answer").update(IndexKey.of(0), IndexKey.of(answer), UpdateFlag.ANY);
        object.map("answer").update(IndexKey.of(1), IndexKey.of(below), UpdateFlag.ANY);
    }

    /** The peer sends, and the parser has looked at it. */
    void looksAt(String text) throws IOException {
        int before = runs(0);
        source.farSends(text);
        Waiting.until(() -> runs(0) > before);
    }

    List<Integer> lengthsParsed() {
        return recorded("lens", runs(0));
    }

    List<Integer> lengthsJudged() {
        return recorded("verdict_lens", runs(1));
    }

    /** P for each run of the parser, V for each of the verdict. */
    String order() {
        var letters = new StringBuilder();
        for (int letter : recorded("order", runs(2))) letters.append((char) letter);
        return letters.toString();
    }

    private int runs(int index) {
        return number(object.map("runs").lookup(IndexKey.of(index)).orElseThrow());
    }

    private List<Integer> recorded(String map, int count) {
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(number(object.map(map).lookup(IndexKey.of(i)).orElseThrow()));
        }
        return values;
    }

    private static int number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }
}
