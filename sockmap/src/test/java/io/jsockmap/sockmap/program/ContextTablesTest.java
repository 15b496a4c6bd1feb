package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Every load of every context: 1, 2, 4 and 8 bytes at each offset. */
class ContextTablesTest extends NetworkTest {
    private static final int[] SIZES = {1, 2, 4, 8};

    /**
     * Offset, size and how many fields; E for whole loads, N for parts too, F for those at the
     * start, H of a half.
     */
    private static final List<String> SK_MSG =
            List.of("0 8 2 E", "16 4 3 E", "28 4 8 E", "60 4 3 E", "72 8 1 E");

    private static final List<String> SK_SKB =
            List.of(
                    "0 4 2 N",
                    "12 4 4 N",
                    "28 4 5 N",
                    "48 8 2 N",
                    "64 4 2 N",
                    "76 4 2 E",
                    "84 4 1 N",
                    "88 4 1 N",
                    "92 4 10 E",
                    "132 4 2 N",
                    "164 4 1 N",
                    "168 8 1 E",
                    "176 4 1 N");

    private static final List<String> SOCK_OPS =
            List.of("0 4 42 E", "168 8 3 E", "192 8 2 E", "208 4 1 E", "212 4 1 F", "216 8 1 E");

    private static final List<String> SOCKET =
            List.of(
                    "0 4 1 E",
                    "4 4 3 F",
                    "16 4 2 E",
                    "24 4 5 N",
                    "44 4 1 F",
                    "48 4 1 H",
                    "52 4 5 N",
                    "72 4 2 F");

    private final Connection connection = network.connected();

    private static boolean isLegal(List<String> table, int offset, int size) {
        return table.stream().anyMatch(row -> allows(row.split(" "), offset, size));
    }

    private static boolean allows(String[] row, int offset, int size) {
        int start = Integer.parseInt(row[0]);
        int field = Integer.parseInt(row[1]);
        int end = start + field * Integer.parseInt(row[2]);
        if (offset < start || offset + size > end) return false;
        boolean whole = (offset - start) % field == 0 && size == field;
        boolean fits = offset % size == 0 && size <= field;
        boolean part =
                switch (row[3]) {
                    case "N" -> fits;
                    case "F" -> fits && (offset - start) % field == 0;
                    case "H" -> fits && offset + size <= start + 2;
                    default -> false;
                };
        return whole || part;
    }

    /** Places where our answer is another than the table's. */
    private List<String> mistakes(List<String> table, int end, Probe probe) {
        List<String> mistakes = new ArrayList<>();
        for (int offset = 0; offset < end; offset++) {
            for (int size : SIZES) {
                boolean legal = probe.isLegal(offset, size);
                if (legal != isLegal(table, offset, size)) {
                    mistakes.add("%d bytes at %d: %s".formatted(size, offset, legal));
                }
            }
        }
        return mistakes;
    }

    private interface Probe {
        boolean isLegal(int offset, int size);
    }

    private boolean runs(ProgramType type, String before, int offset, int size) {
        int faults = network.faults().size();
        var load = "r0 = *(u%d *)(r1 + %d)".formatted(size * 8, offset);
        Access.on(connection, type, before + load);
        return network.faults().size() == faults;
    }

    @Test
    @DisplayName("S1: all loads of sk_msg_md")
    void skMsg() {
        assertThat(mistakes(SK_MSG, 80, (at, size) -> runs(SocketPrograms.SK_MSG, "", at, size)))
                .isEmpty();
    }

    @Test
    @DisplayName("K1: all loads of __sk_buff")
    void skSkb() {
        assertThat(mistakes(SK_SKB, 192, (at, size) -> runs(SocketPrograms.SK_SKB, "", at, size)))
                .isEmpty();
    }

    @Test
    @DisplayName("O10: all loads of bpf_sock_ops")
    void sockOps() {
        assertThat(mistakes(SOCK_OPS, 224, this::opsLoads)).isEmpty();
    }

    private boolean opsLoads(int offset, int size) {
        int faults = network.faults().size();
        var load = "r0 = *(u%d *)(r1 + %d)\nr0 = 1\nexit".formatted(size * 8, offset);
        var program = Program.of("load", SocketPrograms.SOCK_OPS, Assembler.assemble(load));
        var socket = connection.socket();
        try (var _ = network.engine().attach(program)) {
            network.engine().connecting(socket.addresses(), Transport.NONE);
        }
        return network.faults().size() == faults;
    }

    @Test
    @DisplayName("what a socket pointer shows: all loads of bpf_sock, in sk_msg and sk_skb")
    void socket() {
        var inMessage = "r1 = *(u64 *)(r1 + 72)\n";
        var inBuffer = "r1 = *(u64 *)(r1 + 168)\n";

        assertThat(
                        mistakes(
                                SOCKET,
                                80,
                                (at, size) -> runs(SocketPrograms.SK_MSG, inMessage, at, size)))
                .isEmpty();
        assertThat(
                        mistakes(
                                SOCKET,
                                80,
                                (at, size) -> runs(SocketPrograms.SK_SKB, inBuffer, at, size)))
                .isEmpty();
    }
}
