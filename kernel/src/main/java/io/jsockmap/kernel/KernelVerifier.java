package io.jsockmap.kernel;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.load.ProgramLoad;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The verifier of the running kernel. It loads a program and the maps it refers to, and closes them
 * at once; nothing is attached, run or kept, and no socket comes into a map.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="verify"}
 */
public final class KernelVerifier {
    /** The highest level of a log: every instruction with the state before it. */
    public static final int MAX_LOG_LEVEL = 2;

    private KernelVerifier() {}

    /**
     * Whether programs can be loaded here.
     *
     * @param reason why not, in words; empty if they can
     */
    public record Availability(boolean usable, String reason) {}

    /** Finds out, by loading the smallest program. */
    public static Availability availability() {
        return Found.AVAILABILITY;
    }

    /**
     * Asks the kernel.
     *
     * @param logLevel as in bpf(2): 0 only says why, 1 and 2 show instructions; counters always
     *     come at the end
     * @throws BpfException if the kernel refuses a map or the types (BTF) that the program needs
     * @throws UnsupportedOperationException if there is no bpf(2) on this machine
     * @throws IllegalArgumentException for a level that there is not
     */
    public static KernelAnswer verify(Program program, int logLevel) {
        if (logLevel < 0 || logLevel > MAX_LOG_LEVEL) {
            throw new IllegalArgumentException("log level %d, of 0 to 2".formatted(logLevel));
        }
        requireSystemCall();
        return KernelAnswer.of(new ProgramLoad(program, logLevel).tryOnce());
    }

    /** Ends what can't be done without bpf(2). */
    static void requireSystemCall() {
        if (Bpf.number().isEmpty()) throw new UnsupportedOperationException(noSystemCall());
    }

    private static String noSystemCall() {
        return "bpf(2) is Linux's, on %s; this is %s on %s"
                .formatted(
                        String.join(" or ", Bpf.machines()),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
    }

    /** Asked once: permissions of a process hardly change. */
    private static final class Found {
        private static final Path PANIC_ON_WARN = Path.of("/proc/sys/kernel/panic_on_warn");

        static final Availability AVAILABILITY = find();

        private Found() {}

        private static Availability find() {
            if (Bpf.number().isEmpty()) return new Availability(false, noSystemCall());
            if (panicsOnWarnings()) {
                return new Availability(
                        false,
                        "kernel.panic_on_warn is set: a mistake of the kernel's verifier would stop"
                                + " the machine");
            }
            var code = Assembler.assemble("r0 = 1\nexit");
            var smallest = Program.of("smallest", SocketPrograms.SK_MSG, code);
            var answer = verify(smallest, 0);
            if (answer.accepted()) return new Availability(true, "");
            return new Availability(false, explain(answer.errno().getAsInt()));
        }

        /** Some programs make the kernel's verifier warn of a mistake of its own. */
        private static boolean panicsOnWarnings() {
            try {
                return !Files.readString(PANIC_ON_WARN).strip().equals("0");
            } catch (IOException _) {
                return false;
            }
        }

        private static String explain(int errno) {
            var name = Errno.nameOf(errno);
            if (errno == Errno.EPERM.number()) {
                return "bpf(2) gives EPERM: be root, or have CAP_BPF and CAP_NET_ADMIN";
            }
            return "bpf(2) gives %s for the smallest program".formatted(name);
        }
    }
}
