package io.jsockmap.bpf.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.elf.ElfFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Types come from bare BTF, or from a section of an ELF file. */
class TypesFileTest {
    private static final Path OBJECT = Fixtures.path("core-target");

    @TempDir private Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("types"), bytes);
    }

    @Test
    void bareTypesAreThoseOfTheSection() throws IOException {
        var section =
                ElfFile.read(Files.readAllBytes(OBJECT)).section(".BTF").orElseThrow().bytes();

        var bare = TypesFile.read(file(section));

        assertThat(bare.size()).isEqualTo(TypesFile.read(OBJECT).size());
        assertThat(bare.type(1)).isEqualTo(TypesFile.read(OBJECT).type(1));
    }

    @Test
    void anElfFileMayBeForAnyMachine() throws IOException {
        var bytes = Files.readAllBytes(OBJECT);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(16, (short) 2)
                .putShort(18, (short) 62);

        assertThat(TypesFile.read(file(bytes)).size()).isEqualTo(TypesFile.read(OBJECT).size());
        assertThat(TypesFile.read("image", bytes).type(1)).isInstanceOf(Struct.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4  | 1  | section header, offset 0: not a 64-bit little-endian ELF file",
                "45 | 1  | section header, offset 40: the section headers are not in the file",
                "62 | -1 | section header, offset 40: the section headers are not in the file",
            })
    void aDamagedElfFileIsRefused(int at, byte value, String problem) throws IOException {
        var bytes = Files.readAllBytes(OBJECT);
        bytes[at] = value;

        assertThatThrownBy(() -> TypesFile.read(file(bytes)))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessage("ENOEXEC: types: " + problem);
    }

    @Test
    void anElfFileWithoutTypesIsRefused() throws IOException {
        var text = new String(Files.readAllBytes(OBJECT), StandardCharsets.ISO_8859_1);
        var bytes = text.replace(".BTF\0", ".XTF\0").getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> TypesFile.read("image", bytes))
                .hasMessageContaining("image: section header, offset 40: no section .BTF:");
    }

    @Test
    void whatIsNeitherIsRefused() throws IOException {
        var text = file("this is no file of types, but some text".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> TypesFile.read(text))
                .hasMessage("ENOEXEC: types: section .BTF, offset 0: wrong magic number");
        assertThat(Refusal.of(Errno.ENOENT, () -> TypesFile.read(folder.resolve("none"))))
                .hasMessageContaining("there is no file");
    }

    @Test
    void theTypesOfTheRunningKernelAreRead() {
        var kernel = Path.of("/sys/kernel/btf/vmlinux");
        assumeTrue(Files.isReadable(kernel), "this machine shows no types of a kernel");

        var types = TypesFile.read(kernel);

        assertThat(types.size()).isGreaterThan(10_000);
        var wanted = new Struct("task_struct___flavour", 0, List.of(), false);
        assertThat(TargetTypes.NONE.with(types).named(wanted).orElseThrow().types()).isNotEmpty();
    }
}
