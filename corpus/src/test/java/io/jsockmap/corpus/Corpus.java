package io.jsockmap.corpus;

import io.jsockmap.bpf.program.Program;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

import java.util.List;

/** The corpus' language, for tests of other packages. */
public final class Corpus {
    private Corpus() {}

    /** The programs of a text with cases. */
    public static List<Program> programs(String yaml) {
        var settings = LoadSettings.builder().setSchema(new FailsafeSchema()).build();
        var list = (List<?>) new Load(settings).loadFromString(yaml);
        return list.stream()
                .map(one -> CorpusCase.of("text", CorpusNode.of(one)).program())
                .toList();
    }
}
