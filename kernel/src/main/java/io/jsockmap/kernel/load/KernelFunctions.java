package io.jsockmap.kernel.load;

import io.jsockmap.kernel.call.Bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** The running kernel's own functions by name: the numbers of their types, which calls hold. */
final class KernelFunctions {
    private static final int FUNCTION = 12;

    private KernelFunctions() {}

    /** The number of a function's type, or 0 if the kernel has none of that name. */
    static int number(String name) {
        return Numbers.BY_NAME.getOrDefault(name, 0);
    }

    /** Apart, since reading them takes a moment. */
    private static final class Numbers {
        static final Map<String, Integer> BY_NAME = read();

        private Numbers() {}

        private static Map<String, Integer> read() {
            if (!Files.isReadable(Bpf.TYPES)) return Map.of();
            try {
                return read(ByteBuffer.wrap(Files.readAllBytes(Bpf.TYPES)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Map<String, Integer> read(ByteBuffer section) {
            section.order(ByteOrder.LITTLE_ENDIAN);
            int head = section.getInt(4);
            int end = head + section.getInt(8) + section.getInt(12);
            int strings = head + section.getInt(16);
            Map<String, Integer> numbers = new HashMap<>();
            int number = 1;
            for (int at = head + section.getInt(8); at < end; number++) {
                int info = section.getInt(at + 4);
                if ((info >> 24 & 0x1f) == FUNCTION) {
                    numbers.putIfAbsent(text(section, strings + section.getInt(at)), number);
                }
                at += ObjectTypes.sizeOf(info);
            }
            return numbers;
        }

        private static String text(ByteBuffer section, int start) {
            int end = start;
            while (section.get(end) != 0) end++;
            var text = new byte[end - start];
            section.get(start, text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
