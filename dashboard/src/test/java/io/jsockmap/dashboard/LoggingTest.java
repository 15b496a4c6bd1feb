package io.jsockmap.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.socket.SockListener;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The project logs by System.Logger. Where slf4j-jdk-platform-logging is on the path, as it is
 * here, that goes to SLF4J; and what this finds there prints to standard error.
 */
class LoggingTest {
    @Test
    void aFailureOfTheEngineArrivesAtSlf4j() {
        var printed = new ByteArrayOutputStream();
        var before = System.err;
        try (var stage = new Stage()) {
            System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
            var failure = new IllegalStateException("of the engine");
            SockListener.NONE.failed(stage.connect(), failure);
        } finally {
            System.setErr(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8))
                // SimpleLogger's form, which java.util.logging has not.
                .contains("ERROR io.jsockmap.sockmap - socket ")
                .contains("java.lang.IllegalStateException: of the engine");
        assertThat(System.getLogger("io.jsockmap.sockmap").getClass().getName()).contains("slf4j");
    }
}
