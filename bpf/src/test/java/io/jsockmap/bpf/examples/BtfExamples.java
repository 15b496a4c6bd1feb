package io.jsockmap.bpf.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfExt;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.bpf.btf.BtfValues;
import io.jsockmap.bpf.btf.CHeader;
import io.jsockmap.bpf.btf.CoreRecord;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.elf.ElfFile;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;

/** What an object file tells of its types and source lines. */
class BtfExamples {
    private final Btf types = Fixtures.object("overrides").btf().orElseThrow();

    // @start region="types"
    /** The number of a structure of C. */
    static int structure(Btf types, String name) {
        for (int id = 1; id < types.size(); id++) {
            if (types.type(id) instanceof BtfType.Struct struct && struct.name().equals(name)) {
                return id;
            }
        }
        throw new IllegalArgumentException("no struct " + name);
    }

    // @end

    @Test
    void aStructureIsFoundByItsName() {
        int tuning = structure(types, "tuning");

        assertThat(types.sizeOf(tuning)).isEqualTo(16);
    }

    @Test
    void typesAreWrittenAsAHeaderOfC() {
        // @start region="header"
        String header = CHeader.of(types);

        assertThat(header).contains("struct tuning {\n\t__u32 limit;\n\t__u16 port;\n");
        // @end
    }

    @Test
    void bytesAreReadByTheirType() {
        int tuning = structure(types, "tuning");
        byte[] bytes = HexFormat.of().parseHex("0a000000500002002003000000000000");
        // @start region="values"
        BtfValue value = new BtfValues(types).read(tuning, bytes);

        assertThat(value).hasToString("{limit=10, port=80, mode=2, budget=800}");
        if (value instanceof BtfValue.Fields(var members)) {
            assertThat(members.get("port")).isEqualTo(new BtfValue.Numeric(80, false));
        }
        // @end
        assertThat(value).isInstanceOf(BtfValue.Fields.class);
    }

    @Test
    void instructionsHaveLinesOfC() throws IOException {
        var elf = ElfFile.read(Files.readAllBytes(Fixtures.path("core")));
        byte[] section = elf.section(".BTF.ext").orElseThrow().bytes();
        byte[] btf = elf.section(".BTF").orElseThrow().bytes();
        // @start region="lines"
        BtfExt ext = BtfExt.read(section, btf);

        SourceLine first = ext.linesOf("sk_msg").firstEntry().getValue();
        assertThat(first.place()).startsWith("core.bpf.c:");

        List<CoreRecord> relocations = ext.relocationsOf("sk_msg");
        // Where instructions depend on the layout of a type, with the path to the member.
        assertThat(relocations).extracting(CoreRecord::access).contains("0:0");
        // @end
    }
}
