package io.jsockmap.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.Base64;

/** What each command answers, in bpftool's JSON. */
class CommandsTest {
    private final Running running = new Running();

    @AfterEach
    void close() {
        running.close();
    }

    private void assertAnswer(String request, String answer) throws IOException {
        assertThat(running.ask(request)).isEqualTo(JsonParser.parseString(answer));
    }

    private JsonElement field(String request, String field) throws IOException {
        return running.ask(request).getAsJsonObject().get(field);
    }

    // --- Programs --------------------------------------------------------------------------------

    @Test
    void aProgramIsFoundByNameAndByNumber() throws IOException {
        var byName = running.ask("{'command':'prog show','prog':['name','verdict']}");
        assertThat(running.ask("{'command':'prog show','prog':['verdict']}")).isEqualTo(byName);
        assertThat(running.ask("{'command':'prog show','prog':['id','2']}")).isEqualTo(byName);
        assertAnswer(
                "{'command':'prog show','prog':['verdict']}",
                """
                {"id":2,"type":"sk_skb","name":"verdict","tag":"%s","gpl_compatible":true,
                 "bytes_xlated":%d,"map_ids":[12,11,3,4],"btf_id":1}
                """
                        .formatted(
                                byName.getAsJsonObject().get("tag").getAsString(),
                                running.object().program("verdict").code().size() * 8));
    }

    @Test
    void programsAreListedInTheOrderOfTheFile() throws IOException {
        var names =
                running.ask("{'command':'prog list'}").getAsJsonArray().asList().stream()
                        .map(program -> program.getAsJsonObject().get("name").getAsString());
        assertThat(names).containsExactly("parse", "verdict", "guard", "watch");
    }

    @Test
    void aTagDependsOnInstructionsAndNotOnMapsAndNames() throws IOException {
        try (var other = new Running()) {
            var request = "{'command':'prog list'}";
            // Each engine has maps of its own.
            assertThat(other.ask(request)).isEqualTo(running.ask(request));
        }
        assertThat(field("{'command':'prog show','prog':['parse']}", "tag").getAsString())
                .matches("[0-9a-f]{16}")
                .isNotEqualTo(
                        field("{'command':'prog show','prog':['guard']}", "tag").getAsString());
    }

    @Test
    void instructionsComeWithTheirFunctionsLinesAndMaps() throws IOException {
        var all = running.ask("{'command':'prog dump','prog':['guard']}").getAsJsonArray().asList();
        assertThat(all.getFirst().getAsJsonObject().get("func").getAsString()).isEqualTo("guard");
        assertThat(all)
                .anySatisfy(
                        i ->
                                assertThat(i.getAsJsonObject().toString())
                                        .contains(
                                                "\"disasm\":\"(18) r1 = map", "\"map\":\"known\""))
                .anySatisfy(
                        i ->
                                assertThat(i.getAsJsonObject().toString())
                                        .contains("\"src\":\"struct flow key = {};\"")
                                        .contains("inventory.bpf.c"));
    }

    // --- Links -----------------------------------------------------------------------------------

    @Test
    void whatIsAttachedIsALinkUntilItIsDetached() throws IOException {
        running.attach("parse", AttachType.SK_SKB_STREAM_PARSER);
        var _ = running.engine().scope("web").attach(running.object().program("watch"));
        var parser =
                """
                {"id":1,"type":"sockmap","prog_id":1,"prog_name":"parse","map_id":4,
                 "map_name":"sockets","attach_type":"sk_skb_stream_parser",
                 "attach_type_older":"stream_parser"}
                """;
        var watch =
                """
                {"id":2,"type":"cgroup","prog_id":4,"prog_name":"watch","scope":"/web/",
                 "attach_type":"cgroup_sock_ops","attach_type_older":"sock_ops"}
                """;
        assertAnswer("{'command':'link list'}", "[%s,%s]".formatted(parser, watch));

        assertAnswer(
                "{'command':'prog"
                    + " detach','prog':['parse'],'attach_type':'stream_parser','map':['sockets']}",
                "null");
        assertAnswer("{'command':'link list'}", "[%s]".formatted(watch));

        assertAnswer(
                "{'command':'prog"
                    + " attach','prog':['id','1'],'attach_type':'sk_skb_stream_parser','map':['id','4']}",
                "null");
        assertAnswer(
                "{'command':'link list'}",
                "[%s,%s]".formatted(parser.replace("\"id\":1,", "\"id\":3,"), watch));
    }

    // --- Maps ------------------------------------------------------------------------------------

    @Test
    void aMapIsDescribedByItsSizesAndFlags() throws IOException {
        assertAnswer(
                "{'command':'map show','map':['flows']}",
                """
                {"id":6,"type":"sockhash","name":"flows","flags":0,"bytes_key":8,"bytes_value":4,
                 "max_entries":16,"frozen":0,"btf_id":1}
                """);
        assertThat(field("{'command':'map show','map':['.rodata']}", "frozen").getAsInt())
                .isEqualTo(1);
        assertThat(running.ask("{'command':'map list'}").getAsJsonArray()).hasSize(12);
    }

    @Test
    void aValueIsReadByItsTypes() throws IOException {
        assertAnswer(
                """
                {'command':'map update','map':['known'],
                 'key':['{address=0x0100007f,','port=443}'],
                 'value':['{name="web",','level=7,','trusted=1,','balance=0xff,','whole=0x0000000200000001}']}
                """,
                "null");
        assertAnswer(
                "{'command':'map"
                    + " lookup','map':['known'],'key':['hex','7f','00','00','01','bb','01','00','00']}",
                """
                {"key":["0x7f","0x00","0x00","0x01","0xbb","0x01","0x00","0x00"],
                 "value":["0x77","0x65","0x62","0x00","0x00","0x00","0x00","0x00",
                          "0x07","0x00","0x00","0x00","0x01","0xff","0x00","0x00",
                          "0x01","0x00","0x00","0x00","0x02","0x00","0x00","0x00",
                          "0x00","0x00","0x00","0x00","0x00","0x00","0x00","0x00"],
                 "formatted":{
                   "key":{"address":16777343,"port":443,"unused":0},
                   "value":{"name":"web","level":"HIGH","trusted":true,"balance":-1,
                            "first":0,"second":0,
                            "whole":8589934593,"halves":[1,2],
                            "flow":{"address":0,"port":0,"unused":0}}}}
                """);
    }

    @Test
    void bitFieldsAreReadByTheirBits() throws IOException {
        var key = "'key':['{port=1}']";
        running.ask(
                "{'command':'map update','map':['known'],%s,'value':['hex:%s']}"
                        .formatted(key, "00".repeat(14) + "0d80" + "00".repeat(16)));
        assertThat(
                        field(
                                        "{'command':'map lookup','map':['known'],%s}"
                                                .formatted(key),
                                        "formatted")
                                .getAsJsonObject()
                                .getAsJsonObject("value"))
                .satisfies(
                        value -> {
                            assertThat(value.get("first").getAsInt()).isEqualTo(5);
                            assertThat(value.get("second").getAsInt()).isEqualTo(4097);
                        });
    }

    @Test
    void aKeyThatIsNotThereIsNull() throws IOException {
        assertAnswer("{'command':'map lookup','map':['known'],'key':['{port=1}']}", "null");
    }

    @Test
    void withoutTypesThereAreBytesOnly() throws IOException {
        running.ask(
                "{'command':'map update','map':['plain'],'key':['1'],'value':['0x0a','0','011']}");
        assertAnswer(
                "{'command':'map dump','map':['plain']}",
                """
                [{"key":["0x00","0x00","0x00","0x00"],"value":["0x00","0x00","0x00"]},
                 {"key":["0x01","0x00","0x00","0x00"],"value":["0x0a","0x00","0x09"]}]
                """);
    }

    @Test
    void aSocketIsShownWithItsEndsAndPrograms() throws IOException {
        running.attach("guard", AttachType.SK_MSG_VERDICT);
        running.insert(2);
        var socket =
                """
                {"cookie":1,"kind":"tcp","local":"127.0.0.1:80","remote":"127.0.0.1:1001",
                 "state":"ESTABLISHED","programs":"sk_msg=guard"}
                """;
        assertAnswer(
                "{'command':'map dump','map':['sockets']}",
                """
                [{"key":["0x02","0x00","0x00","0x00"],
                  "value":["0x01","0x00","0x00","0x00","0x00","0x00","0x00","0x00"],
                  "socket":%s,
                  "formatted":{"key":2,"value":%1$s}}]
                """
                        .formatted(socket));
    }

    @Test
    void aSocketOfTheEngineIsInsertedByItsCookieAndTakenOut() throws IOException {
        var socket = running.socket();
        assertAnswer(
                "{'command':'map update','map':['flows'],'key':['{port=9}'],'value':['%d']}"
                        .formatted(socket.cookie()),
                "null");
        assertThat(running.object().sockHash("flows").entries().getFirst().socket())
                .isEqualTo(socket);

        assertAnswer("{'command':'map delete','map':['flows'],'key':['{port=9}']}", "null");
        assertThat(running.object().sockHash("flows").entries()).isEmpty();
    }

    @Test
    void aValueForEachCpuIsSetForAllOfThem() throws IOException {
        running.ask("{'command':'map update','map':['counters'],'key':['0'],'value':['7']}");
        var element =
                running.ask("{'command':'map lookup','map':['counters'],'key':['0']}")
                        .getAsJsonObject();
        var values = element.getAsJsonObject("formatted").getAsJsonArray("values");
        assertThat(values).isNotEmpty();
        for (int cpu = 0; cpu < values.size(); cpu++) {
            assertThat(values.get(cpu).toString())
                    .isEqualTo("{\"cpu\":%d,\"value\":7}".formatted(cpu));
        }
    }

    @Test
    void programsAndMapsAreValuesByTheirNumbers() throws IOException {
        running.ask(
                "{'command':'map update','map':['jumps'],'key':['1'],'value':['name','verdict']}");
        assertAnswer(
                "{'command':'map dump','map':['jumps']}",
                "[{\"key\":[\"0x01\",\"0x00\",\"0x00\",\"0x00\"],\"prog_id\":2}]");

        running.ask("{'command':'map update','map':['outer'],'key':['1'],'value':['id','9']}");
        assertAnswer(
                "{'command':'map dump','map':['outer']}",
                """
                [{"key":["0x00","0x00","0x00","0x00"],"inner_map_id":1},
                 {"key":["0x01","0x00","0x00","0x00"],"inner_map_id":9}]
                """);
    }

    @Test
    void aDataSectionIsShownByItsVariables() throws IOException {
        assertAnswer(
                "{'command':'map lookup','map':['.rodata'],'key':['0']}",
                """
                {"key":["0x00","0x00","0x00","0x00"],"value":["0x07","0x00","0x00","0x00"],
                 "formatted":{"value":{".rodata":[{"wanted":"HIGH"}]}}}
                """);
    }

    @Test
    void keysFollowEachOtherUpToTheLast() throws IOException {
        assertAnswer(
                "{'command':'map getnext','map':['plain']}",
                "{\"key\":null,\"next_key\":[\"0x00\",\"0x00\",\"0x00\",\"0x00\"]}");
        assertAnswer(
                "{'command':'map getnext','map':['plain'],'key':['0']}",
                """
                {"key":["0x00","0x00","0x00","0x00"],"next_key":["0x01","0x00","0x00","0x00"]}
                """);
    }

    // --- Types -----------------------------------------------------------------------------------

    @Test
    void typesAreThoseOfTheObject() throws IOException {
        var section = running.object().spec().btf().orElseThrow().section();
        var all = running.ask("{'command':'btf list'}").getAsJsonArray();
        assertThat(all).hasSize(1);
        assertThat(all.get(0).getAsJsonObject().get("size").getAsInt()).isEqualTo(section.length);
        for (var of : new String[] {"'map':['flows']", "'prog':['parse']", "'btf':['id','1']"}) {
            var text = field("{'command':'btf section',%s}".formatted(of), "section").getAsString();
            assertThat(Base64.getDecoder().decode(text)).isEqualTo(section);
        }
    }

    // --- Mistakes --------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
                    {}                                           | EINVAL | the request names no command
                    {'command':5}                                | EINVAL | command is no text
                    {'command':'frob'}                           | EINVAL | there is no command frob (there are: about, prog list
                    {'command':'prog show'}                      | EINVAL | the request names no prog
                    {'command':'prog show','prog':'x'}           | EINVAL | prog is no list of words
                    {'command':'prog show','prog':[7]}           | EINVAL | prog is no list of words
                    {'command':'prog show','prog':['x']}         | ENOENT | there is no program named x (there are: parse, verdict, guard, watch)
                    {'command':'prog show','prog':['id','9']}    | ENOENT | there is no program with id 9 (there are: 1, 2, 3, 4)
                    {'command':'prog show','prog':['tag','9']}   | EINVAL | a program is given by id N, name NAME or NAME
                    {'command':'map dump','map':['x']}           | ENOENT | there is no map named x
                    {'command':'map dump','map':['records']}     | ENOTSUPP | map records (ringbuf)
                    {'command':'map lookup','map':['plain']}     | EINVAL | key: what is it?
                    {'command':'map lookup','map':['plain'],'key':['1','0']}       | EINVAL | key: 2 bytes, expected 4
                    {'command':'map lookup','map':['plain'],'key':['hex','1']}     | EINVAL | key: 1 bytes, expected 4
                    {'command':'map lookup','map':['plain'],'key':['hex','xy']}    | EINVAL | key: behind hex come bytes of two digits each
                    {'command':'map lookup','map':['plain'],'key':[]}              | EINVAL | key: nothing is behind it
                    {'command':'map lookup','map':['flows'],'key':['{prot=1}']}    | EINVAL | struct flow has no field prot (it has: address, port, unused)
                    {'command':'map lookup','map':['plain'],'key':['cookie']}      | EINVAL | no socket is inserted here
                    {'command':'map delete','map':['known'],'key':['{port=1}']}    | ENOENT | map known (hash): no key
                    {'command':'map delete','map':['plain'],'key':['1']}           | EINVAL | map plain (array)
                    {'command':'map update','map':['plain'],'key':['1'],'value':['1'],'flag':'x'}       | EINVAL | x is no flag (there are: any, exist, noexist)
                    {'command':'map update','map':['plain'],'key':['1'],'value':['1'],'flag':'noexist'} | EEXIST | map plain (array)
                    {'command':'map update','map':['.rodata'],'key':['0'],'value':['hex:00000000']}     | EPERM  | frozen
                    {'command':'map update','map':['sockets'],'key':['0'],'value':['99']}               | EBADF  | no socket has the cookie 99
                    {'command':'map update','map':['jumps'],'key':['0'],'value':['99']}                 | ENOENT | there is no program named 99
                    {'command':'map getnext','map':['plain'],'key':['1']}          | ENOENT | map plain has no key behind this one
                    {'command':'prog attach','prog':['guard'],'attach_type':'verdikt','map':['sockets']}      | EINVAL | no attach type is called verdikt
                    {'command':'prog attach','prog':['guard'],'attach_type':'stream_parser','map':['sockets']} | EINVAL | program guard (sk_msg) can't be attached as sk_skb_stream_parser
                    {'command':'prog attach','prog':['guard'],'attach_type':'msg_verdict','map':['plain']}    | EINVAL | map plain (array) is no map of sockets
                    {'command':'prog attach','prog':['watch'],'attach_type':'sock_ops','map':['sockets']}     | EINVAL | attached to the engine
                    {'command':'prog detach','prog':['guard'],'attach_type':'msg_verdict','map':['sockets']}  | ENOENT | is not attached as sk_msg_verdict
                    {'command':'btf section','btf':['id','2']}   | ENOENT | there is no BTF with id 2 (there are: 1)
                    """)
    void aMistakeHasItsErrnoAndALine(String request, Errno errno, String line) {
        assertThatThrownBy(() -> running.ask(request))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(errno))
                .hasMessageContaining(line);
    }
}
