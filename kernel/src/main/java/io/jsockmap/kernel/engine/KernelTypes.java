package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.core.TargetTypes;
import io.jsockmap.bpf.object.Host;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.kernel.call.Bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the running kernel tells of itself: its types and its release. */
final class KernelTypes {
    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    private KernelTypes() {}

    /** The kernel's types where the object asks for some; reading them takes a moment. */
    static TargetTypes forObject(ObjectSpec spec) {
        return spec.dependsOnTypes() && Files.isReadable(Bpf.TYPES) ? Read.TYPES : TargetTypes.NONE;
    }

    private static final class Read {
        static final TargetTypes TYPES = TargetTypes.NONE.with(read());

        private Read() {}

        private static Btf read() {
            try {
                return Btf.read(Files.readAllBytes(Bpf.TYPES));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The release as LINUX_KERNEL_VERSION has it; 0 if it can't be told. */
    static long version() {
        try {
            var match = NUMBERS.matcher(Files.readString(RELEASE).strip());
            if (!match.matches()) return 0;
            int patch = match.group(3) == null ? 0 : Integer.parseInt(match.group(3));
            return Host.version(
                    Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), patch);
        } catch (IOException _) {
            return 0;
        }
    }
}
