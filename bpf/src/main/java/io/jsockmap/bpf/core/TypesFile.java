package io.jsockmap.bpf.core;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads the types of a file: the bare bytes of BTF, as {@code /sys/kernel/btf/vmlinux} has them, or
 * an ELF file of any machine with a section {@code .BTF}, as a kernel image has.
 */
public final class TypesFile {
    private static final int ELF_MAGIC = 0x464c457f;
    private static final int ELF_HEADER = 64;
    private static final int SECTION_HEADER = 64;
    private static final String SECTION = ".BTF";

    /** Ten times the types of a kernel with all that it can have. */
    private static final int MAX_TYPES = 1 << 26;

    private final Source source;

    private TypesFile(Source source) {
        this.source = source;
    }

    /** Where bytes come from; of a file that is large only a little is read. */
    private interface Source {
        long size() throws IOException;

        byte[] read(long at, int length) throws IOException;
    }

    private record FileSource(RandomAccessFile file) implements Source {
        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public byte[] read(long at, int length) throws IOException {
            var bytes = new byte[length];
            file.seek(at);
            file.readFully(bytes);
            return bytes;
        }
    }

    private record ArraySource(byte[] bytes) implements Source {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public byte[] read(long at, int length) {
            return Arrays.copyOfRange(bytes, (int) at, (int) at + length);
        }
    }

    /**
     * Reads a file.
     *
     * @throws BpfException ENOENT or EIO if it can't be read, E2BIG for more than 64 MiB of types
     * @throws MalformedObjectException if it has no types, or damaged ones
     */
    public static Btf read(Path file) {
        var name = String.valueOf(file.getFileName());
        try {
            return Btf.read(isElf(file) ? sectionOf(file) : allOf(file));
        } catch (MalformedObjectException e) {
            throw e.of(name);
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
     * @throws MalformedObjectException if it has no types, or damaged ones
     */
    public static Btf read(String name, byte[] file) {
        try {
            boolean elf = isElf(Arrays.copyOf(file, Integer.BYTES));
            return Btf.read(elf ? new TypesFile(new ArraySource(file)).section() : file);
        } catch (MalformedObjectException e) {
            throw e.of(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isElf(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return isElf(Arrays.copyOf(in.readNBytes(Integer.BYTES), Integer.BYTES));
        }
    }

    private static boolean isElf(byte[] start) {
        return littleEndian(start).getInt(0) == ELF_MAGIC;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] allOf(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_TYPES + 1);
            if (bytes.length > MAX_TYPES) throw tooLarge();
            return bytes;
        }
    }

    private static BpfException tooLarge() {
        return new BpfException(
                Errno.E2BIG, "there are more than %d MiB of types".formatted(MAX_TYPES >> 20));
    }

    private static byte[] sectionOf(Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            return new TypesFile(new FileSource(file)).section();
        }
    }

    private byte[] section() throws IOException {
        if (source.size() < ELF_HEADER) throw broken("header", 0, "the file ends within it");
        var header = littleEndian(source.read(0, ELF_HEADER));
        if (header.get(4) != 2 || header.get(5) != 1) {
            throw broken("header", 0, "not a 64-bit little-endian ELF file");
        }
        long table = header.getLong(40);
        int count = Short.toUnsignedInt(header.getShort(60));
        int names = Short.toUnsignedInt(header.getShort(62));
        boolean inside =
                table >= 0
                        && table <= source.size() - (long) count * SECTION_HEADER
                        && header.getShort(58) == SECTION_HEADER
                        && names < count;
        if (!inside) throw broken("header", 40, "the section headers are not in the file");
        var headers = littleEndian(source.read(table, count * SECTION_HEADER));
        long firstName = headers.getLong(names * SECTION_HEADER + 24);
        for (int at = 0; at < headers.capacity(); at += SECTION_HEADER) {
            if (isNamed(firstName + Integer.toUnsignedLong(headers.getInt(at)))) {
                return contents(headers.getLong(at + 24), headers.getLong(at + 32));
            }
        }
        throw broken(
                "header", 40, "no section .BTF: compile with -g, or give /sys/kernel/btf/vmlinux");
    }

    private boolean isNamed(long at) throws IOException {
        var wanted = (SECTION + '\0').getBytes(StandardCharsets.US_ASCII);
        boolean inside = at >= 0 && at <= source.size() - wanted.length;
        return inside && Arrays.equals(source.read(at, wanted.length), wanted);
    }

    private byte[] contents(long start, long size) throws IOException {
        if (size > MAX_TYPES) throw tooLarge();
        if (start < 0 || size < 0 || start > source.size() - size) {
            throw broken(SECTION, 0, "%d bytes at %d are not in the file".formatted(size, start));
        }
        return source.read(start, (int) size);
    }

    private static MalformedObjectException broken(String section, long offset, String problem) {
        return new MalformedObjectException(section, offset, problem);
    }
}
