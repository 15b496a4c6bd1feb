package io.jsockmap.bpf.core;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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

    private final String name;
    private final ByteBuffer elf;

    private TypesFile(String name, ByteBuffer elf) {
        this.name = name;
        this.elf = elf.order(ByteOrder.LITTLE_ENDIAN);
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
            var bytes = isElf(file) ? sectionOf(name, file) : allOf(file);
            return Btf.read(bytes);
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
        var bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        boolean elf = file.length >= Integer.BYTES && bytes.getInt(0) == ELF_MAGIC;
        try {
            return Btf.read(elf ? new TypesFile(name, bytes).section() : file);
        } catch (MalformedObjectException e) {
            throw e.of(name);
        }
    }

    private static boolean isElf(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var start = in.readNBytes(Integer.BYTES);
            return start.length == Integer.BYTES
                    && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt() == ELF_MAGIC;
        }
    }

    private static byte[] allOf(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_TYPES + 1);
            if (bytes.length > MAX_TYPES) throw tooLarge(file.toString());
            return bytes;
        }
    }

    private static BpfException tooLarge(String name) {
        return new BpfException(
                Errno.E2BIG, "%s has more than %d MiB of types".formatted(name, MAX_TYPES >> 20));
    }

    /** A kernel image has hundreds of megabytes, of which little is needed: so it is mapped. */
    private static byte[] sectionOf(String name, Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            long size = Math.min(channel.size(), Integer.MAX_VALUE);
            return new TypesFile(name, channel.map(MapMode.READ_ONLY, 0, size)).section();
        }
    }

    private byte[] section() {
        if (elf.capacity() < ELF_HEADER || elf.get(4) != 2 || elf.get(5) != 1) {
            throw broken("header", 0, "not a 64-bit little-endian ELF file");
        }
        long table = elf.getLong(40);
        int count = Short.toUnsignedInt(elf.getShort(60));
        int names = Short.toUnsignedInt(elf.getShort(62));
        boolean inside =
                table >= 0
                        && table <= elf.capacity() - (long) count * SECTION_HEADER
                        && elf.getShort(58) == SECTION_HEADER
                        && names < count;
        if (!inside) throw broken("header", 40, "the section headers are not in the file");
        long nameStart = elf.getLong((int) table + names * SECTION_HEADER + 24);
        for (int i = 0; i < count; i++) {
            int at = (int) table + i * SECTION_HEADER;
            if (isNamed(nameStart + Integer.toUnsignedLong(elf.getInt(at)))) return contents(at);
        }
        throw broken(
                "header", 40, "no section .BTF: compile with -g, or give /sys/kernel/btf/vmlinux");
    }

    private boolean isNamed(long at) {
        var wanted = (SECTION + '\0').getBytes(StandardCharsets.US_ASCII);
        if (at < 0 || at > elf.capacity() - wanted.length) return false;
        var found = new byte[wanted.length];
        elf.get((int) at, found);
        return ByteBuffer.wrap(found).equals(ByteBuffer.wrap(wanted));
    }

    private byte[] contents(int header) {
        long start = elf.getLong(header + 24);
        long size = elf.getLong(header + 32);
        if (size > MAX_TYPES) throw tooLarge(name);
        if (start < 0 || size < 0 || start > elf.capacity() - size) {
            throw broken(SECTION, 0, "%d bytes at %d are not in the file".formatted(size, start));
        }
        var bytes = new byte[(int) size];
        elf.get((int) start, bytes);
        return bytes;
    }

    private static MalformedObjectException broken(String section, long offset, String problem) {
        return new MalformedObjectException(section, offset, problem);
    }
}
