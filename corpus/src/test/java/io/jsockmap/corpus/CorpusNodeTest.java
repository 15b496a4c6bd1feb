package io.jsockmap.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class CorpusNodeTest {

    @Test
    void aCaseWithoutVariantsIsItself() {
        var node = new CorpusNode(Map.of("name", "one", "code", "exit"));

        assertThat(node.variants()).containsExactly(node);
    }

    @Test
    void aListOfVariantsFillsInAndReplacesKeys() {
        var with =
                List.of(
                        Map.of("off", "0", "expect", "accepted"),
                        Map.of("off", "4", "expect", "refused"));
        var node = new CorpusNode(Map.of("name", "load $off", "expect", "refused", "with", with));

        assertThat(node.variants())
                .containsExactly(
                        new CorpusNode(Map.of("name", "load 0", "expect", "accepted")),
                        new CorpusNode(Map.of("name", "load 4", "expect", "refused")));
    }

    @Test
    void aMappingOfVariantsMeansEachWithEach() {
        var with = Map.of("a", List.of("1", "2"), "b", List.of("3", "4"));
        var node = new CorpusNode(Map.of("name", "$a and $b", "with", with));

        assertThat(node.variants())
                .extracting(one -> one.text("name"))
                .containsExactlyInAnyOrder("1 and 3", "1 and 4", "2 and 3", "2 and 4");
    }

    @Test
    void aNameThatBeginsAnotherIsNotTakenForIt() {
        var with = List.of(Map.of("off", "1", "offset", "2"));
        var node = new CorpusNode(Map.of("name", "$offset $off", "with", with));

        assertThat(node.variants().getFirst().text("name")).isEqualTo("2 1");
    }

    @Test
    void aNameWithoutAPlaceForThemGetsTheValuesBehindIt() {
        var with = List.of(Map.of("off", "1", "message", "off=1"));
        var node = new CorpusNode(Map.of("name", "load", "with", with));

        assertThat(node.variants().getFirst().text("name")).isEqualTo("load {off=1}");
    }

    @Test
    void aNameIsOneLineThoughAValueHasSeveral() {
        var with = List.of(Map.of("set", "r1 = 1\nr2 = 2"));
        var node = new CorpusNode(Map.of("name", "set $set", "code", "$set", "with", with));
        var one = node.variants().getFirst();

        assertThat(one.text("name")).isEqualTo("set r1 = 1; r2 = 2");
        assertThat(one.text("code")).isEqualTo("r1 = 1\nr2 = 2");
    }
}
