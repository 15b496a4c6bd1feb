package io.jsockmap.bpf.object;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfExt;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.elf.Section;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads object files by libbpf's conventions, the old ones included.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="read"}
 */
public final class ObjectReader {
    private static final int MAX_FILE = 1 << 26;

    private final ElfFile elf;
    private final Optional<Btf> btf;
    private final Optional<BtfExt> ext;
    private final List<String> notes = new ArrayList<>();

    private ObjectReader(byte[] file) {
        elf = ElfFile.read(file);
        var types = elf.section(".BTF").map(Section::bytes);
        btf = types.map(Btf::read);
        ext =
                elf.section(".BTF.ext")
                        .filter(_ -> types.isPresent())
                        .map(section -> BtfExt.read(section.bytes(), types.get()));
    }

    /**
     * Reads a file.
     *
     * @throws BpfException ENOENT or EIO if it can't be read, E2BIG for more than 64 MiB
     * @throws MalformedObjectException if it is no object file, or a damaged one
     */
    public static ObjectSpec read(Path file) {
        var name = String.valueOf(file.getFileName());
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_FILE + 1);
            if (bytes.length <= MAX_FILE) return read(name, bytes);
            throw new BpfException(
                    Errno.E2BIG, "%s has more than %d MiB".formatted(file, MAX_FILE >> 20));
        } catch (NoSuchFileException e) {
            throw new BpfException(Errno.ENOENT, "there is no file " + file, e);
        } catch (IOException e) {
            throw new BpfException(Errno.EIO, "can't read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @param name what to call it
     * @throws MalformedObjectException if it is no object file, or a damaged one
     */
    public static ObjectSpec read(String name, byte[] file) {
        try {
            return new ObjectReader(file).read(name);
        } catch (MalformedObjectException e) {
            throw e.of(name);
        }
    }

    private ObjectSpec read(String name) {
        var maps = new MapReader(elf, btf, notes).read();
        var data = new DataReader(elf, btf);
        data.read();
        var functions = new FunctionReader(elf, btf, ext, maps, data).read();
        return new ObjectSpec(
                name,
                license(),
                btf,
                maps.specs(),
                data.sections(),
                data.variables(),
                programs(functions),
                byPlace(functions),
                notes);
    }

    private Optional<String> license() {
        var license = elf.section("license").map(s -> text(s.bytes()));
        if (license.isEmpty()) notes.add("no license section: the kernel would take it as not GPL");
        return license;
    }

    private static String text(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private List<ProgramSpec> programs(List<FunctionSpec> functions) {
        List<ProgramSpec> programs = new ArrayList<>();
        for (var function : functions) {
            if (function.section().equals(ProgramSections.SUBPROGRAMS)) continue;
            if (!function.global()) {
                notes.add(
                        "function %s of section %s is static: not a program"
                                .formatted(function.name(), function.section()));
                continue;
            }
            programs.add(
                    new ProgramSpec(
                            function.name(),
                            ProgramSections.nameOf(function.section()),
                            ProgramSections.isOptional(function.section()),
                            ObjectSpec.placeOf(function.section(), function.offset())));
        }
        return programs;
    }

    private static Map<String, FunctionSpec> byPlace(List<FunctionSpec> functions) {
        Map<String, FunctionSpec> index = new HashMap<>();
        for (var function : functions) {
            index.put(ObjectSpec.placeOf(function.section(), function.offset()), function);
        }
        return index;
    }
}
