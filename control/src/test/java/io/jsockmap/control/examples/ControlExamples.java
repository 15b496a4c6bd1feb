package io.jsockmap.control.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.control.Control;
import io.jsockmap.control.ControlClient;
import io.jsockmap.control.ControlFolder;
import io.jsockmap.control.ControlServer;
import io.jsockmap.control.LocalControl;
import io.jsockmap.control.inventory.EngineInventory;
import io.jsockmap.sockmap.UserEngine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How a process is asked what its engine has. */
class ControlExamples {
    private static final Path OBJECT =
            Path.of("src/test/resources/programs/inventory.bpf.o").toAbsolutePath();

    private final UserEngine engine =
            UserEngine.open(UserEngine.Settings.DEFAULT.with(new Interpreter()));
    private final EngineInventory inventory =
            new EngineInventory(engine, List.of(engine.load(OBJECT)));

    @TempDir private Path runtime;

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void anElementOfAMapOfARunThatIsFoundByItsFolder() throws IOException {
        var runs = runtime.resolve("jsockmap");
        try (var server = ControlFolder.of(runs).open()) {
            server.serve(inventory);
            // @start region="ask"
            ControlFolder folder = ControlFolder.of(runs); // or ofUser(), as jsockmap run has it
            try (Control run = folder.only()) {
                JsonObject request = new JsonObject();
                request.addProperty("command", "map list");
                JsonElement maps = run.ask(request);
                assertThat(maps.getAsJsonArray()).hasSize(12);

                request.addProperty("command", "map frob");
                assertThatThrownBy(() -> run.ask(request))
                        .isInstanceOfSatisfying(
                                BpfException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
            }
            // @end
        }
    }

    @Test
    void anInventoryIsOfferedToTheOwnerOfTheProcess() throws IOException {
        var path = runtime.resolve("gateway").resolve("control.sock");
        var request =
                JsonParser.parseString("{\"command\":\"prog show\",\"prog\":[\"verdict\"]}")
                        .getAsJsonObject();
        // @start region="serve"
        try (ControlServer server = ControlServer.open(path)) {
            server.serve(inventory);

            // Elsewhere: jsockmap prog show verdict --control PATH, or
            JsonElement answer;
            try (ControlClient client = ControlClient.connect(path, Duration.ofSeconds(10))) {
                answer = client.ask(request);
            }

            // In the same process no socket is needed.
            try (Control local = new LocalControl(inventory)) {
                assertThat(local.ask(request)).isEqualTo(answer);
            }
        }
        // @end
    }
}
