package io.jsockmap.bpf.helper;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;

import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The formats of {@code bpf_trace_printk} and {@code bpf_snprintf}: d, i, u, x and X with up to two
 * l, c, s, p and its kinds, with flags and a width. Text is bytes: a character for each.
 */
public final class PrintkFormat {
    /** MAX_BPRINTF_BUF of the kernel: as much as a trace prints, and as its format may have. */
    static final int MAX_PRINTED = 1024;

    /** MAX_BPRINTF_VARARGS of the kernel. */
    static final int MAX_VALUES = 12;

    /** MAX_BPRINTF_BIN_ARGS of the kernel: bytes that values, and texts above all, take. */
    private static final int MAX_TAKEN = 512;

    /** FIELD_WIDTH_MAX of the kernel. */
    private static final int MAX_WIDTH = (1 << 23) - 1;

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e\\s]*");

    private static final Pattern CONVERSION =
            Pattern.compile(
                    "%(?:(?<percent>%)|(?<flags>[-0+ ]*)(?<width>[1-9]\\d*)?"
                            + "(?:(?<long>l{0,2})(?<number>[diuxX])"
                            + "|(?<char>c)"
                            + "|p(?<address>[iI][46])"
                            + "|p(?<symbol>[sSB])"
                            + "|p(?<pointer>[Kx])"
                            + "|(?<text>s|p[ku]s)(?=[\\s\\p{Punct}]|\\z)"
                            + "|p(?=[\\s\\p{Punct}]|\\z)))");

    private final Memory memory;
    private final String format;
    private final long[] values;
    private final Output out;
    private int next;
    private int taken;

    private PrintkFormat(Memory memory, String format, long[] values, int limit) {
        this.memory = memory;
        this.format = format;
        this.values = values;
        this.out = new Output(limit);
    }

    /**
     * What was printed.
     *
     * @param text as much of it as there was room for
     * @param result how long it is, room or not; or a negative errno
     */
    record Printed(String text, long result) {
        private Printed(Errno errno) {
            this("", errno.negative());
        }
    }

    /**
     * Prints.
     *
     * @param limit how many characters to keep
     */
    static Printed print(Memory memory, String format, long[] values, int limit) {
        return new PrintkFormat(memory, format, values, limit).print();
    }

    /** Whether a format is understood and asks for no more values than that. */
    public static boolean isValid(String format, int values) {
        if (!PRINTABLE.matcher(format).matches()) return false;
        var conversion = CONVERSION.matcher(format);
        int asked = 0;
        int percent = format.indexOf('%');
        while (percent >= 0) {
            if (!conversion.find(percent) || conversion.start() != percent) return false;
            if (conversion.group("percent") == null && ++asked > values) return false;
            percent = format.indexOf('%', conversion.end());
        }
        return true;
    }

    private Printed print() {
        if (!PRINTABLE.matcher(format).matches()) return new Printed(Errno.EINVAL);
        var conversion = CONVERSION.matcher(format);
        int at = 0;
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            int end = percent < 0 ? format.length() : percent;
            out.append(format.substring(at, end));
            if (percent < 0) break;
            if (!conversion.find(percent) || conversion.start() != percent) {
                return new Printed(Errno.EINVAL);
            }
            if (conversion.group("percent") != null) {
                out.append("%");
            } else {
                if (next >= values.length) return new Printed(Errno.EINVAL);
                if (!convert(conversion, values[next++])) return new Printed(Errno.ENOSPC);
            }
            at = conversion.end();
        }
        memory.charge(out.kept.length() / Long.BYTES);
        return new Printed(out.kept.toString(), out.length);
    }

    /** Prints a value; false if the values take too much. */
    private boolean convert(MatchResult conversion, long value) {
        if (conversion.group("number") != null) return number(conversion, value);
        if (conversion.group("text") != null) return text(conversion, value);
        if (conversion.group("address") != null) return address(conversion, value);
        if (conversion.group("char") != null) {
            pad(conversion, "", Character.toString((char) (value & 0xff)));
            return take(1);
        }
        if (conversion.group("symbol") != null) {
            pad(conversion, "", "0x" + Long.toHexString(value));
        } else if (conversion.group("width") != null) {
            pad(conversion, "", Long.toHexString(value));
        } else {
            out.append(HexFormat.of().toHexDigits(value));
        }
        return takeAligned(Long.BYTES);
    }

    private boolean number(MatchResult conversion, long whole) {
        boolean wide = !conversion.group("long").isEmpty();
        long value = wide ? whole : (int) whole;
        long unsigned = wide ? whole : Integer.toUnsignedLong((int) whole);
        var flags = conversion.group("flags");
        switch (conversion.group("number")) {
            case "u" -> pad(conversion, "", Long.toUnsignedString(unsigned));
            case "x" -> pad(conversion, "", Long.toHexString(unsigned));
            case "X" -> pad(conversion, "", Long.toHexString(unsigned).toUpperCase(Locale.ROOT));
            default -> {
                var sign = value < 0 ? "-" : flags.contains("+") ? "+" : "";
                if (sign.isEmpty() && flags.contains(" ")) sign = " ";
                pad(conversion, sign, Long.toString(value).replace("-", ""));
            }
        }
        return takeAligned(wide ? Long.BYTES : Integer.BYTES);
    }

    private boolean text(MatchResult conversion, long address) {
        int room = MAX_TAKEN - taken;
        if (room <= 0) return false;
        var text = readText(address, room - 1);
        pad(conversion, "", text);
        return take(text.length() + 1);
    }

    /** Text that can't be read is empty; the program goes on. */
    private String readText(long address, int limit) {
        var text = new StringBuilder();
        try {
            while (text.length() < limit) {
                long c = memory.load(address + text.length(), 1);
                if (c == 0) break;
                text.append((char) c);
            }
        } catch (MemoryFault _) {
            return "";
        }
        return text.toString();
    }

    private boolean address(MatchResult conversion, long pointer) {
        var kind = conversion.group("address");
        int size = kind.endsWith("4") ? 4 : 16;
        if (MAX_TAKEN - taken < size) return false;
        var text = addressText(readBytes(pointer, size), kind.startsWith("I"));
        pad(conversion, "", text);
        return take(text.length() + 1);
    }

    private byte[] readBytes(long pointer, int size) {
        var bytes = new byte[size];
        try {
            for (int i = 0; i < size; i++) bytes[i] = (byte) memory.load(pointer + i, 1);
            return bytes;
        } catch (MemoryFault _) {
            return new byte[size];
        }
    }

    /** The kernel's i is without colons, or with leading zeros. */
    private static String addressText(byte[] bytes, boolean usual) {
        if (bytes.length > 4) {
            var digits = HexFormat.of().formatHex(bytes);
            return usual ? digits.replaceAll("(....)(?!\\z)", "$1:") : digits;
        }
        return (usual ? "%d.%d.%d.%d" : "%03d.%03d.%03d.%03d")
                .formatted(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff, bytes[3] & 0xff);
    }

    private void pad(MatchResult conversion, String sign, String text) {
        var flags = conversion.group("flags");
        int missing = width(conversion.group("width")) - sign.length() - text.length();
        boolean left = flags.contains("-");
        boolean zeros = flags.contains("0") && !left && conversion.group("number") != null;
        if (!left && !zeros) out.pad(' ', missing);
        out.append(sign);
        if (zeros) out.pad('0', missing);
        out.append(text);
        if (left) out.pad(' ', missing);
    }

    private static int width(String digits) {
        if (digits == null) return 0;
        return digits.length() > 7 ? MAX_WIDTH : Math.min(Integer.parseInt(digits), MAX_WIDTH);
    }

    private boolean takeAligned(int bytes) {
        taken = (taken + Integer.BYTES - 1) & -Integer.BYTES;
        return take(bytes);
    }

    private boolean take(int bytes) {
        taken += bytes;
        return taken <= MAX_TAKEN;
    }

    /** Where a format ends, or empty if it does not. */
    static OptionalInt lengthOf(byte[] format) {
        for (int i = 0; i < format.length; i++) {
            if (format[i] == 0) return OptionalInt.of(i);
        }
        return OptionalInt.empty();
    }

    /** Bytes as text. */
    static String decode(byte[] bytes) {
        return decode(bytes, bytes.length);
    }

    /** The first bytes as text. */
    static String decode(byte[] bytes, int length) {
        return new String(bytes, 0, length, ISO_8859_1);
    }

    /** Keeps no more than there is room for, but knows how much it was. */
    private static final class Output {
        final StringBuilder kept = new StringBuilder();
        final int limit;
        long length;

        Output(int limit) {
            this.limit = limit;
        }

        void append(String text) {
            int room = Math.min(text.length(), limit - kept.length());
            kept.append(text, 0, room);
            length += text.length();
        }

        void pad(char c, int count) {
            if (count <= 0) return;
            kept.repeat(c, Math.min(count, limit - kept.length()));
            length += count;
        }
    }
}
