package io.jsockmap.bench.path;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.stream.Stream;

/** What clients do. */
enum Load {
    BULK_1(Kind.BULK, 1, "Bulk, 1 connection"),
    BULK_16(Kind.BULK, 16, "Bulk, 16 connections"),
    PING_1(Kind.PING, 1, "Ping-pong of 64 bytes, 1 connection"),
    PING_64(Kind.PING, 64, "Ping-pong of 64 bytes, 64 connections"),
    CONNECT(Kind.CONNECT, 16, "Connect, request, close; 16 at once"),
    IDLE(Kind.IDLE, 10_000, "Memory of an idle connection");

    /**
     * How it is counted.
     *
     * <p>{@code unit} is the figure's, of which one is {@code scale}; {@code cpu} says for how much
     * CPU is told, which is {@code portion}.
     */
    enum Kind {
        BULK("GB/s", 1e9, "GB", 1e9, "%.2f"),
        PING("requests/s", 1, "100,000", 1e5, "%,.0f"),
        CONNECT("connections/s", 1, "10,000", 1e4, "%,.0f"),
        IDLE("KiB", 1024, "", 1, "%.1f");

        private final String unit;
        private final double scale;
        private final String cpu;
        private final double portion;
        private final String format;

        Kind(String unit, double scale, String cpu, double portion, String format) {
            this.unit = unit;
            this.scale = scale;
            this.cpu = cpu;
            this.portion = portion;
            this.format = format;
        }

        String unit() {
            return unit;
        }

        double scale() {
            return scale;
        }

        String cpu() {
            return cpu;
        }

        double portion() {
            return portion;
        }

        /** Prints a figure in its unit. */
        String print(double value) {
            return format.formatted(value);
        }
    }

    private final Kind kind;
    private final int connections;
    private final String title;

    Load(Kind kind, int connections, String title) {
        this.kind = kind;
        this.connections = connections;
        this.title = title;
    }

    Kind kind() {
        return kind;
    }

    int connections() {
        return connections;
    }

    String title() {
        return title;
    }

    /** As {@code -Dbench.loads=} and tables name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Those whose peers stay through all rounds, and are asked for a rate. */
    static Stream<Load> rates() {
        return Stream.of(values()).filter(load -> load.kind != Kind.IDLE);
    }

    /** Who makes it. */
    Client client(InetSocketAddress address) throws IOException {
        return switch (kind) {
            case BULK -> new Bulk(address, connections);
            case PING -> new PingPong(address, connections);
            case CONNECT -> Visits.passing(address, connections);
            case IDLE -> throw new IllegalArgumentException(title);
        };
    }
}
