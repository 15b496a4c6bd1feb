package io.jsockmap.control.command;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.control.inventory.Form;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;

import java.util.List;
import java.util.Optional;

/**
 * Reads a key or a value as it is typed: {@code 0x01 0 0 0}, a byte a word, as bpftool has it;
 * {@code hex 01 00 00 00}; or the notation of {@link KeyNotation}, which knows the types.
 *
 * <p>As many bytes as there must be are bytes; anything else is the notation. So {@code 1} is a
 * number of any size, and {@code 1 0 0 0} are four bytes.
 */
final class Words {
    private static final int MAX_BYTE = 0xff;

    private Words() {}

    /**
     * The bytes.
     *
     * @param what key or value, for the error
     * @throws BpfException EINVAL if it is not understood, or does not fit
     */
    static byte[] bytes(String what, List<String> words, Form form) {
        if (words.isEmpty()) throw mistake("%s: nothing is behind it", what);
        boolean hex = words.getFirst().equals("hex");
        var each = hex ? words.subList(1, words.size()) : words;
        boolean areBytes = each.stream().allMatch(word -> byteOf(word, hex) >= 0);
        if (areBytes && (hex || each.size() == form.size())) return bytes(what, each, hex, form);
        if (hex) throw mistake("%s: behind hex come bytes of two digits each", what);
        if (areBytes && each.size() > 1) throw count(what, each.size(), form);
        var notation = KeyNotation.parse(String.join(" ", words));
        return notation.bytes(types(form), type(form), form.size(), NamedSockets.NONE);
    }

    private static byte[] bytes(String what, List<String> words, boolean hex, Form form) {
        if (words.size() != form.size()) throw count(what, words.size(), form);
        var bytes = new byte[words.size()];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) byteOf(words.get(i), hex);
        return bytes;
    }

    /** The byte as strtoul(3) reads it, or -1. */
    private static int byteOf(String word, boolean hex) {
        boolean prefixed = word.startsWith("0x");
        boolean octal = !hex && !prefixed && word.length() > 1 && word.startsWith("0");
        int base = hex || prefixed ? 16 : octal ? 8 : 10;
        var digits = prefixed ? word.substring(2) : word;
        if (digits.startsWith("+") || digits.startsWith("-")) return -1;
        try {
            int value = Integer.parseInt(digits, base);
            return value <= MAX_BYTE ? value : -1;
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private static Optional<Btf> types(Form form) {
        return form instanceof Form.Typed typed ? Optional.of(typed.types()) : Optional.empty();
    }

    private static int type(Form form) {
        return form instanceof Form.Typed typed ? typed.type() : 0;
    }

    private static BpfException count(String what, int count, Form form) {
        return mistake("%s: %d bytes, expected %d", what, count, form.size());
    }

    private static BpfException mistake(String format, Object... values) {
        return new BpfException(Errno.EINVAL, format.formatted(values));
    }
}
