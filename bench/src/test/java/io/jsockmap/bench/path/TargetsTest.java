package io.jsockmap.bench.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class TargetsTest {
    private final Results results = new Results();

    private void add(Load load, String peer, double value, double cpu) {
        var figures = Map.of(Figure.VALUE, value, Figure.CPU, cpu);
        results.add(load, peer, new Sample(1, figures));
    }

    @Test
    void bulkIsHeldAgainstTheBestOtherProxyAndTheLeastCpuOfHaproxy() {
        add(Load.BULK_1, "direct", 9, 0);
        add(Load.BULK_1, "haproxy", 1, 0.5);
        add(Load.BULK_1, "haproxy-splice", 2, 0.7);
        add(Load.BULK_1, "jsockmap-splice", 2, 0.6);

        assertThat(Targets.of(results)).extracting(Target::isMet).containsExactly(true, false);
    }

    @Test
    void httpIsHeldAgainstCopyingHaproxyOnly() {
        add(Load.PING_64, "haproxy-splice", 1000, 1);
        add(Load.PING_64, "haproxy-64k", 100, 1);
        add(Load.PING_64, "jsockmap-http", 90, 1);

        assertThat(Targets.of(results)).extracting(Target::isMet).containsExactly(true);
    }

    @Test
    void whatWasNotMeasuredIsNoTarget() {
        add(Load.PING_64, "jsockmap-splice", 1000, 1);

        assertThat(Targets.of(results)).isEmpty();
    }
}
