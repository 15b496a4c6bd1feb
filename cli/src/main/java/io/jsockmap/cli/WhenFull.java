package io.jsockmap.cli;

import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.socket.FullTarget;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What {@code --when-full} says.
 *
 * @param map the map whose redirects are meant
 * @param policy what becomes of bytes for a target without room
 */
record WhenFull(String map, FullTarget policy) {
    private static final String QUEUE = "queue:";

    void apply(UserObject object) {
        object.socketMap(map).setWhenFull(policy);
    }

    /** Reads MAP=block, MAP=drop or MAP=queue:BYTES. */
    static final class Converter implements ITypeConverter<WhenFull> {
        @Override
        public WhenFull convert(String text) {
            int equals = text.indexOf('=');
            if (equals <= 0) throw mistake(text);
            return new WhenFull(
                    text.substring(0, equals), policy(text, text.substring(equals + 1)));
        }

        private static FullTarget policy(String text, String name) {
            if (name.equals("block")) return FullTarget.BLOCK;
            if (name.equals("drop")) return FullTarget.DROP;
            if (!name.startsWith(QUEUE)) throw mistake(text);
            try {
                return new FullTarget.Queue(Long.parseLong(name.substring(QUEUE.length())));
            } catch (IllegalArgumentException _) {
                throw mistake(text);
            }
        }

        private static TypeConversionException mistake(String text) {
            return new TypeConversionException(
                    "'%s' is not MAP=block, MAP=drop or MAP=queue:BYTES".formatted(text));
        }
    }
}
