package io.jsockmap.kernel.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CPUs for which maps have values: those that may ever be there, also if they are not now. */
public final class Cpus {
    private static final Path POSSIBLE = Path.of("/sys/devices/system/cpu/possible");
    private static final int COUNT = read();

    private Cpus() {}

    public static int possible() {
        return COUNT;
    }

    private static int read() {
        try {
            return last(Files.readString(POSSIBLE).strip()) + 1;
        } catch (IOException | NumberFormatException _) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /** The last number of ranges such as 0-3,7. */
    private static int last(String ranges) {
        return Integer.parseInt(ranges.substring(ranges.replace(',', '-').lastIndexOf('-') + 1));
    }
}
