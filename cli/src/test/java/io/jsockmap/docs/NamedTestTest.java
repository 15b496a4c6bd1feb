package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the names of tests, and the rules in them, are found. */
class NamedTestTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            textBlock =
                    """
                    S14: runs again on the rest                  | [S14]
                    S14, F5: drops, and judges the rest          | [S14, F5]
                    P8..P10, C53: links                          | [P8, P9, P10, C53]
                    K14: once for each; K15, F14: none at the end | [K14, K15, F14]
                    C02: as C01: told in words                   | [C02]
                    a message of S14: nothing promised           | []
                    Z9: no such section                          | []
                    R9                                           | []
                    """)
    @DisplayName("numbers stand before a colon")
    void rulesOfAName(String name, String rules) {
        assertThat(Rule.inName(name)).hasToString(rules);
    }

    @Test
    @DisplayName("a range goes upwards within a section")
    void aRangeThatIsNone() {
        assertThatThrownBy(() -> Rule.inName("S4..K7: all"))
                .hasMessage("not a range of rules: S4..K7");
        assertThatThrownBy(() -> Rule.inName("S9..S7: all"))
                .hasMessage("not a range of rules: S9..S7");
    }

    @Test
    @DisplayName("classes, classes within them, and methods are named by what stands before them")
    void namesOfASource() {
        var source =
                """
                /** {@link Other} @DisplayName("M1: in a comment") class Commented { */
                @DisplayName("M2: all")
                class Whole {
                    // @DisplayName("M3: in a comment")
                    static final Class<?> TYPE = Whole.class;
                    static final String TEXT = "@DisplayName(\\"M4: in a text\\")";
                    record Pair(int a, char b) {}

                    @DisplayName("M5: the \\"first\\", "
                            + "in two lines")
                    @ParameterizedTest(name = "{0} (x)")
                    @CsvSource({"1, '{'", "2, ')'"})
                    <T> void first(T given) throws Exception {
                        var pair = new Pair('{', '\\'');
                        other(pair);
                    }

                    void unnamed() {}

                    @Nested
                    @DisplayName("M6: within")
                    class Inner {
                        @Test
                        @DisplayName("M7: deep")
                        void second() {}
                    }

                    @Test
                    @DisplayName("M8: behind")
                    void third() {}
                }
                """;
        assertThat(NamedTest.in(source))
                .containsExactly(
                        new NamedTest("Whole", "", "M2: all"),
                        new NamedTest("Whole", "first", "M5: the \"first\", in two lines"),
                        new NamedTest("Whole.Inner", "", "M6: within"),
                        new NamedTest("Whole.Inner", "second", "M7: deep"),
                        new NamedTest("Whole", "third", "M8: behind"));
    }

    @Test
    @DisplayName("a class that is called after a case proves it")
    void classesOfCases() {
        assertThat(NamedTest.in("class C18EarlyBytesTest { void plain() {} }"))
                .singleElement()
                .satisfies(test -> assertThat(test.rules()).containsExactly(new Rule('C', 18)));
        assertThat(NamedTest.in("@DisplayName(\"F15: early\") class C18Test {}")).isNotEmpty();
        assertThat(NamedTest.in("class C18Fixture {}")).isEmpty();
    }
}
