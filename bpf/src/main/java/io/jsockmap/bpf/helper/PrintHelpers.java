package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.CallTrait.GPL_ONLY;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.READABLE;
import static io.jsockmap.bpf.program.Helper.Argument.READABLE_OR_NULL;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE_OR_ZERO;
import static io.jsockmap.bpf.program.Helper.Argument.TEXT;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE_OR_NULL;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Helpers that print: to the trace, or into the program's memory. */
final class PrintHelpers {
    static final List<Helper> ALL =
            List.of(
                    Helper.of(6, PrintHelpers::tracePrintk, Result.NUMBER, READABLE, SIZE)
                            .with(GPL_ONLY),
                    Helper.of(
                            149,
                            PrintHelpers::snprintfBtf,
                            Result.NUMBER,
                            WRITABLE,
                            SIZE,
                            READABLE,
                            SIZE,
                            NUMBER),
                    Helper.of(
                                    165,
                                    PrintHelpers::snprintf,
                                    Result.NUMBER,
                                    WRITABLE_OR_NULL,
                                    SIZE_OR_ZERO,
                                    TEXT,
                                    READABLE_OR_NULL,
                                    SIZE_OR_ZERO)
                            .with(GPL_ONLY),
                    Helper.of(
                                    177,
                                    PrintHelpers::traceVprintk,
                                    Result.NUMBER,
                                    READABLE,
                                    SIZE,
                                    READABLE_OR_NULL,
                                    SIZE_OR_ZERO)
                            .with(GPL_ONLY));

    /** The kernel takes any constant text; nobody writes a longer one. */
    private static final int MAX_FORMAT = 1 << 16;

    /** Bytes of a {@code struct btf_ptr}. */
    private static final int BTF_PTR_SIZE = 16;

    /** BTF_F_COMPACT, BTF_F_NONAME, BTF_F_PTR_RAW and BTF_F_ZERO. */
    private static final long BTF_FLAGS = 0xf;

    private PrintHelpers() {}

    private static long tracePrintk(Run run, long[] a) {
        return trace(run, a[0], a[1], a[2], a[3], a[4]);
    }

    private static long traceVprintk(Run run, long[] a) {
        var values = values(run.memory(), a[2], a[3]);
        return values.isEmpty() ? Errno.EINVAL.negative() : trace(run, a[0], a[1], values.get());
    }

    private static long trace(Run run, long address, long size, long... values) {
        if (size <= 0 || size > PrintkFormat.MAX_PRINTED) return Errno.EINVAL.negative();
        var format = run.memory().readable(address, size).toArray(JAVA_BYTE);
        var length = PrintkFormat.lengthOf(format);
        if (length.isEmpty()) return Errno.EINVAL.negative();
        var text = PrintkFormat.decode(format, length.getAsInt());
        var printed = PrintkFormat.print(run.memory(), text, values, PrintkFormat.MAX_PRINTED - 1);
        if (printed.result() >= 0) run.environment().trace().accept(line(printed.text()));
        return printed.result();
    }

    /** A line each, and nothing that would steer a terminal. */
    private static String line(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8)
                .stripTrailing()
                .replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\t]]", "?");
    }

    private static long snprintf(Run run, long[] a) {
        var memory = run.memory();
        var values = values(memory, a[3], a[4]);
        boolean nowhere = a[0] == 0 && a[1] != 0;
        if (values.isEmpty() || nowhere) return Errno.EINVAL.negative();
        var target = memory.writable(a[0], a[1]);
        var format = text(memory, a[2]);
        if (format.isEmpty()) return Errno.EINVAL.negative();
        int room = (int) Math.max(0, a[1] - 1);
        var printed = PrintkFormat.print(memory, format.get(), values.get(), room);
        if (printed.result() < 0) return printed.result();
        if (a[1] > 0) {
            var bytes = MemorySegment.ofArray((printed.text() + '\0').getBytes(ISO_8859_1));
            target.asSlice(0, bytes.byteSize()).copyFrom(bytes);
        }
        // The zero byte counts here, unlike in C.
        return printed.result() + 1;
    }

    private static Optional<String> text(Memory memory, long address) {
        var text = new StringBuilder();
        while (text.length() < MAX_FORMAT) {
            long c = memory.load(address + text.length(), 1);
            if (c == 0) {
                memory.charge(text.length() / Long.BYTES);
                return Optional.of(text.toString());
            }
            text.append((char) c);
        }
        memory.charge(MAX_FORMAT / Long.BYTES);
        return Optional.empty();
    }

    /** There are no types of the kernel's here, so none has the number that was asked for. */
    private static long snprintfBtf(Run run, long[] a) {
        run.memory().writable(a[0], a[1]);
        if ((a[4] & ~BTF_FLAGS) != 0 || a[3] != BTF_PTR_SIZE) return Errno.EINVAL.negative();
        run.memory().readable(a[2], BTF_PTR_SIZE);
        int type = (int) run.memory().load(a[2] + Long.BYTES, Integer.BYTES);
        return type <= 0 ? Errno.EINVAL.negative() : Errno.ENOENT.negative();
    }

    /** The values of an array of 8-byte numbers, or empty if that is not its size. */
    private static Optional<long[]> values(Memory memory, long address, long size) {
        boolean fits = size >= 0 && size <= PrintkFormat.MAX_VALUES * Long.BYTES;
        if (!fits || size % Long.BYTES != 0) return Optional.empty();
        if (size != 0 && address == 0) return Optional.empty();
        var values = new long[(int) (size / Long.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = memory.load(address + (long) i * Long.BYTES, Long.BYTES);
        }
        return Optional.of(values);
    }
}
