package io.jsockmap.bpf.helper;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** The formats of {@code bpf_trace_printk}: d, i, u, x, p, c and s with widths and lengths. */
final class PrintkFormat {
    private static final Pattern CONVERSION =
            Pattern.compile("%([-0#+ ]*)(\\d{0,3})(hh|h|ll|l|z)?(p[iI][46]|[diuxXpcs%])");

    /** As much of a string as the kernel prints. */
    private static final int MAX_STRING = 512;

    /** MAX_BPRINTF_BUF of the kernel: as much as it prints, and as a format may have. */
    static final int MAX_PRINTED = 1024;

    private PrintkFormat() {}

    static String format(Memory memory, long address, long size, long[] values) {
        var format = text(memory.readable(address, size).toArray(JAVA_BYTE));
        var conversion = CONVERSION.matcher(format);
        var out = new StringBuilder();
        int next = 0;
        while (conversion.find()) {
            conversion.appendReplacement(out, "");
            if (conversion.group(4).equals("%")) {
                out.append('%');
                continue;
            }
            long value = next < values.length ? values[next] : 0;
            next++;
            var printed = print(memory, conversion.group(4), conversion.group(3), value);
            out.append(pad(printed, conversion.group(1), conversion.group(2)));
        }
        conversion.appendTail(out);
        return out.substring(0, Math.min(out.length(), MAX_PRINTED - 1));
    }

    private static String print(Memory memory, String conversion, String length, long value) {
        boolean wide = length != null && !length.startsWith("h");
        return switch (conversion) {
            case "d", "i" -> Long.toString(wide ? value : (int) value);
            case "u" -> Long.toUnsignedString(wide ? value : Integer.toUnsignedLong((int) value));
            case "x" -> hex(value, wide);
            case "X" -> hex(value, wide).toUpperCase(Locale.ROOT);
            case "p" -> "0x" + hex(value, true);
            case "pi4", "pI4" -> address(memory, value, 4);
            case "pi6", "pI6" -> address(memory, value, 16);
            case "c" -> Character.toString((char) (value & 0xff));
            default -> string(memory, value);
        };
    }

    private static String address(Memory memory, long pointer, int size) {
        try {
            var bytes = memory.readable(pointer, size).toArray(JAVA_BYTE);
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (MemoryFault | UnknownHostException _) {
            return "(fault)";
        }
    }

    private static String hex(long value, boolean wide) {
        return Long.toHexString(wide ? value : Integer.toUnsignedLong((int) value));
    }

    private static String pad(String text, String flags, String width) {
        int missing = width.isEmpty() ? 0 : Math.min(Integer.parseInt(width), 64) - text.length();
        if (missing <= 0) return text;
        if (flags.contains("-")) return text + " ".repeat(missing);
        return (flags.contains("0") ? "0" : " ").repeat(missing) + text;
    }

    private static String string(Memory memory, long address) {
        var bytes = new ByteArrayOutputStream();
        try {
            for (int i = 0; i < MAX_STRING; i++) {
                long c = memory.load(address + i, 1);
                if (c == 0) break;
                bytes.write((int) c);
            }
        } catch (MemoryFault _) {
            // Printing reads what it can, as the kernel's does; the program goes on.
            if (bytes.size() == 0) return "(fault)";
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) end++;
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
