package io.jsockmap.bpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.elf.ElfFile;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;

/** What a compiled object says of its functions. */
class BtfExtTest {
    private byte[] types;
    private byte[] section;

    @BeforeEach
    void read() throws IOException {
        var elf = ElfFile.read(Files.readAllBytes(Fixtures.path("subprograms")));
        types = elf.section(".BTF").orElseThrow().bytes();
        section = elf.section(".BTF.ext").orElseThrow().bytes();
    }

    @Test
    void functionsHaveTheirTypes() {
        var ext = BtfExt.read(section, types);

        assertThat(names(ext, "socket")).contains("first", "second");
        assertThat(names(ext, "sk_msg")).contains("looping");
        assertThat(names(ext, ".text")).contains("weigh", "score");
        assertThat(ext.functionsOf("socket").firstKey()).isZero();
        assertThat(ext.functionsOf("nowhere")).isEmpty();
    }

    private List<String> names(BtfExt ext, String section) {
        var btf = Btf.read(types);
        return ext.functionsOf(section).values().stream()
                .map(type -> ((BtfType.Function) btf.type(type)).name())
                .toList();
    }

    @Test
    void recordsThatAreTooShortAreRefused() {
        var bytes = ByteBuffer.wrap(section).order(ByteOrder.LITTLE_ENDIAN);
        int functions = bytes.getInt(4) + bytes.getInt(8);
        bytes.putInt(functions, 4);

        assertThatThrownBy(() -> BtfExt.read(section, types))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining("records of 4 bytes, at least 8 expected");
    }
}
