package io.jsockmap.policy;

import java.util.List;

/**
 * Some ports.
 *
 * {@snippet class="io.jsockmap.policy.examples.PolicyExamples" region="file"}
 *
 * @param ranges which; empty for all
 */
public record Ports(List<Range> ranges) {
    /** All of them. */
    public static final Ports ALL = new Ports(List.of());

    /**
     * Ports in a row.
     *
     * @param first 0 to 65535
     * @param last not below the first
     */
    public record Range(int first, int last) {
        private static final int MOST = 65535;

        public Range {
            if (first < 0 || last < first || last > MOST) {
                throw new IllegalArgumentException(
                        "%d-%d: expected ports from 0 to 65535".formatted(first, last));
            }
        }

        /** {@code 80} or {@code 8000-8999}. */
        static Range parse(String text) {
            int dash = text.indexOf('-');
            try {
                int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash).strip());
                int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1).strip());
                return new Range(first, last);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "expected a port or a range like 8000-8999, found " + text, e);
            }
        }
    }

    public Ports {
        ranges = List.copyOf(ranges);
    }

    boolean contains(int port) {
        return ranges.isEmpty() || ranges.stream().anyMatch(r -> r.first <= port && port <= r.last);
    }
}
