package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.Helper.Argument.LONG;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.READABLE;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.TEXT;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Helpers that read text. */
final class TextHelpers {
    static final List<Helper> ALL =
            List.of(
                    Helper.of(
                            105, TextHelpers::strtol, Result.NUMBER, READABLE, SIZE, NUMBER, LONG),
                    Helper.of(
                            106, TextHelpers::strtoul, Result.NUMBER, READABLE, SIZE, NUMBER, LONG),
                    Helper.of(182, TextHelpers::strncmp, Result.NUMBER, READABLE, SIZE, TEXT));

    private TextHelpers() {}

    private static long strncmp(Run run, long[] a) {
        var text = run.memory().readable(a[0], a[1]);
        for (long i = 0; i < text.byteSize(); i++) {
            long left = Byte.toUnsignedLong(text.get(JAVA_BYTE, i));
            long right = run.memory().load(a[2] + i, 1);
            if (left != right) return Long.compare(left, right);
            if (left == 0) return 0;
        }
        return 0;
    }

    private static long strtol(Run run, long[] a) {
        return parse(run, a, true);
    }

    private static long strtoul(Run run, long[] a) {
        return parse(run, a, false);
    }

    private static long parse(Run run, long[] a, boolean signed) {
        var text = run.memory().readable(a[0], a[1]);
        // Zero in case of an error, as since 6.12; the place is checked before all else.
        run.memory().store(a[3], Long.BYTES, 0);
        var number = ParsedNumber.of(text, a[2], signed);
        if (number.result() >= 0) run.memory().store(a[3], Long.BYTES, number.value());
        return number.result();
    }

    /**
     * A number in a text.
     *
     * @param value the number
     * @param result how many bytes it takes, with what stands before; or a negative errno
     */
    record ParsedNumber(long value, long result) {
        /** The kernel looks at no more of the digits. */
        private static final int MAX_DIGITS = 63;

        /** BPF_STRTOX_BASE_MASK of the kernel: the other bits of the flags mean nothing. */
        private static final long BASES = 0x1f;

        private static final List<Long> KNOWN_BASES = List.of(0L, 8L, 10L, 16L);

        private ParsedNumber(Errno errno) {
            this(0, errno.negative());
        }

        static ParsedNumber of(MemorySegment text, long flags, boolean signed) {
            if (!KNOWN_BASES.contains(flags & BASES) || (flags & ~BASES) != 0) {
                return new ParsedNumber(Errno.EINVAL);
            }
            long start = 0;
            while (start < text.byteSize() && isSpace(text.get(JAVA_BYTE, start))) start++;
            boolean negative = start < text.byteSize() && text.get(JAVA_BYTE, start) == '-';
            if (negative) start++;
            long count = Math.min(text.byteSize() - start, MAX_DIGITS);
            var digits = PrintkFormat.decode(text.asSlice(start, count).toArray(JAVA_BYTE));
            var number = magnitude(digits, (int) flags);
            if (number.result < 0) return number;
            return negative
                    ? number.negated(signed).behind(start)
                    : number.positive(signed).behind(start);
        }

        /** C's isspace, and the space of Latin-1 that does not break. */
        private static boolean isSpace(byte c) {
            return c == ' ' || c >= '\t' && c <= '\r' || c == (byte) 0xa0;
        }

        private static ParsedNumber magnitude(String text, int flags) {
            boolean hex = text.matches("(?s)0[xX]\\p{XDigit}.*");
            int base = flags != 0 ? flags : hex ? 16 : text.startsWith("0") ? 8 : 10;
            int at = base == 16 && text.matches("(?s)0[xX].*") ? 2 : 0;
            int first = at;
            long value = 0;
            boolean tooLarge = false;
            for (; at < text.length(); at++) {
                int digit = text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), base) : -1;
                if (digit < 0) break;
                tooLarge |= Long.compareUnsigned(value, Long.divideUnsigned(-1 - digit, base)) > 0;
                value = value * base + digit;
            }
            if (tooLarge) return new ParsedNumber(Errno.ERANGE);
            return at == first ? new ParsedNumber(Errno.EINVAL) : new ParsedNumber(value, at);
        }

        private ParsedNumber positive(boolean signed) {
            return signed && value < 0 ? new ParsedNumber(Errno.ERANGE) : this;
        }

        private ParsedNumber negated(boolean signed) {
            if (!signed) return new ParsedNumber(Errno.EINVAL);
            return -value > 0 ? new ParsedNumber(Errno.ERANGE) : new ParsedNumber(-value, result);
        }

        private ParsedNumber behind(long start) {
            return result < 0 ? this : new ParsedNumber(value, result + start);
        }
    }
}
