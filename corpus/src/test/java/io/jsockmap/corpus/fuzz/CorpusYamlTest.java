package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.corpus.Corpus;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/** What is printed can be put into the corpus as it is. */
class CorpusYamlTest {

    @Test
    void casesReadBackAsTheSamePrograms() {
        for (long seed = 0; seed < 500; seed++) {
            var draft = Generator.draft(seed, 2);
            var yaml =
                    CorpusYaml.of("seed " + seed, draft, Optional.of("a \"quoted\": text"), "why");

            assertThat(Corpus.programs(yaml))
                    .as(yaml)
                    .singleElement()
                    .satisfies(
                            program -> {
                                assertThat(program.code()).isEqualTo(draft.program().code());
                                assertThat(program.type()).isEqualTo(draft.type());
                            });
        }
    }
}
