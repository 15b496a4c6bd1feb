package io.jsockmap.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.bpf.btf.BtfValue.Bool;
import io.jsockmap.bpf.btf.BtfValue.Constant;
import io.jsockmap.bpf.btf.BtfValue.Elements;
import io.jsockmap.bpf.btf.BtfValue.Fields;
import io.jsockmap.bpf.btf.BtfValue.Numeric;
import io.jsockmap.bpf.btf.BtfValue.Raw;
import io.jsockmap.bpf.btf.BtfValue.Real;
import io.jsockmap.bpf.btf.BtfValue.Text;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value for each CPU, as one. */
class AllCpusTest {
    private static String together(BtfValue... all) {
        return AllCpus.together(List.of(all)).toString();
    }

    private static BtfValue number(long value) {
        return new Numeric(value, true);
    }

    private static BtfValue flow(long packets, String name) {
        Map<String, BtfValue> members = new LinkedHashMap<>();
        members.put("packets", number(packets));
        members.put("name", new Text(name));
        return new Fields(members);
    }

    @Test
    void numbersAreAddedUp() {
        assertThat(together(number(1), number(0), number(-3))).isEqualTo("-2");
        assertThat(together(new Real(0.5), new Real(1))).isEqualTo("1.5");
    }

    @Test
    void structuresAndArraysAreAddedUpMemberByMember() {
        assertThat(together(flow(1, ""), flow(2, "web"), flow(4, "web")))
                .isEqualTo("{packets=7, name=\"web\"}");
        assertThat(
                        together(
                                new Elements(List.of(number(1), number(2))),
                                new Elements(List.of(number(3), number(4)))))
                .isEqualTo("[4, 6]");
    }

    @Test
    void ofWhatIsNoNumberThereIsTheOneThatIsSet() {
        assertThat(together(new Bool(false), new Bool(true))).isEqualTo("true");
        assertThat(together(new Constant("OFF", 0), new Constant("ON", 1))).isEqualTo("ON");
        assertThat(together(new Raw(new byte[2]), new Raw(new byte[] {0, 1})))
                .isEqualTo("hex:0001");
        assertThat(together(new Text(""), new Text(""))).isEqualTo("\"\"");
        // A constant without a name is a number.
        assertThat(together(new Constant("OFF", 0), number(7))).isEqualTo("7");
    }

    @Test
    void allAreShownWhereCpusDisagree() {
        assertThat(together(new Text("a"), new Text(""), new Text("b"), new Text("a")))
                .isEqualTo("[\"a\", \"b\"]");
    }
}
