package io.jsockmap.kernel.call;

import io.jsockmap.bpf.Errno;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** The system call bpf(2). */
public final class Bpf {
    private static final Map<String, Numbers> NUMBERS =
            Map.of(
                    "amd64", new Numbers(321, 298),
                    "x86_64", new Numbers(321, 298),
                    "aarch64", new Numbers(280, 241),
                    "riscv64", new Numbers(280, 241));

    /** Where the running kernel says its types (BTF). */
    public static final Path TYPES = Path.of("/sys/kernel/btf/vmlinux");

    private Bpf() {}

    private record Numbers(int bpf, int perfEventOpen) {}

    /** Commands, by the kernel's numbers ({@code enum bpf_cmd}). */
    public enum Command {
        MAP_CREATE(0),
        MAP_LOOKUP_ELEM(1),
        MAP_UPDATE_ELEM(2),
        MAP_DELETE_ELEM(3),
        MAP_GET_NEXT_KEY(4),
        PROG_LOAD(5),
        OBJ_PIN(6),
        OBJ_GET(7),
        PROG_ATTACH(8),
        PROG_DETACH(9),
        PROG_TEST_RUN(10),
        PROG_GET_NEXT_ID(11),
        MAP_GET_NEXT_ID(12),
        PROG_GET_FD_BY_ID(13),
        MAP_GET_FD_BY_ID(14),
        OBJ_GET_INFO_BY_FD(15),
        PROG_QUERY(16),
        BTF_LOAD(18),
        MAP_LOOKUP_AND_DELETE_ELEM(21),
        MAP_FREEZE(22),
        MAP_LOOKUP_BATCH(24),
        MAP_LOOKUP_AND_DELETE_BATCH(25),
        MAP_UPDATE_BATCH(26),
        MAP_DELETE_BATCH(27),
        LINK_CREATE(28),
        LINK_UPDATE(29),
        LINK_GET_FD_BY_ID(30),
        LINK_GET_NEXT_ID(31),
        LINK_DETACH(34);

        private final int number;

        Command(int number) {
            this.number = number;
        }
    }

    /**
     * What the kernel answered.
     *
     * @param value a file descriptor, or 0; -1 after a failure
     * @param errno 0 after success
     */
    public record Answer(int value, int errno) {
        public boolean isSuccess() {
            return errno == 0;
        }

        public boolean is(Errno expected) {
            return errno == expected.number();
        }
    }

    /** The number of the call on this machine; empty if it is not known to have it. */
    public static OptionalInt number() {
        var numbers = numbers();
        return numbers == null ? OptionalInt.empty() : OptionalInt.of(numbers.bpf);
    }

    /** The machines on which the call's number is known, as Java names them. */
    public static List<String> machines() {
        return NUMBERS.keySet().stream().sorted().toList();
    }

    /** The number of perf_event_open(2), where {@link #number} has one. */
    public static int perfEventOpen() {
        return numbers().perfEventOpen;
    }

    private static Numbers numbers() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        return linux ? NUMBERS.get(System.getProperty("os.arch").toLowerCase(Locale.ROOT)) : null;
    }

    /** Calls with attributes, whose size goes along. */
    public static Answer call(Command command, Attributes attributes) {
        var answer = Libc.bpf(number().orElseThrow(), command.number, attributes.segment());
        return new Answer((int) answer.value(), answer.errno());
    }
}
