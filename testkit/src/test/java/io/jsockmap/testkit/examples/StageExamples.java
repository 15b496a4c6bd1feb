package io.jsockmap.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.stage.RunLog;
import io.jsockmap.testkit.stage.RunNote;
import io.jsockmap.testkit.stage.SocketChoice;
import io.jsockmap.testkit.stage.Stage;
import io.jsockmap.testkit.stage.VirtualTime;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** How an object is put on a stage, where bytes flow and time goes by only as it is told. */
class StageExamples {
    @Test
    void aConnectionWhosePeerSends() {
        var object = ObjectReader.read(Programs.own("naive-http"));
        // @start region="stage"
        RunLog log = new RunLog();
        Stage.Setting hostile = Stage.Setting.HOSTILE.with(log);
        try (Stage stage = Stage.loadOnly(object, LoadOptions.DEFAULT, hostile)) {
            var clients = stage.object().sockHash("clients");
            clients.attach(stage.object().program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
            Connection client = stage.open("client", SocketChoice.ACCEPTED);
            var names = stage.naming("client");
            var key = KeyNotation.parse("client.cookie").key(clients, object.btf(), names);
            clients.update(key, client.socket(), UpdateFlag.ANY);

            client.peer().sends("DELETE /orders/7 HTTP/1.1\r\n\r\n");

            // No byte could be read, so the program went by its check of the length.
            RunNote note = log.notes().getFirst();
            assertThat(note.lines())
                    .map(SourceLine::text)
                    .contains("if (data + 7 > data_end)")
                    .doesNotContain("return SK_DROP;");
            assertThat(client.reads()).startsWith("DELETE");
        }
        // @end
    }

    @Test
    void aTimerThatGoesOffWhenItsTimeComes() {
        var object = ObjectReader.read(Programs.own("scenes"));
        var log = new RunLog();
        var setting = Stage.Setting.HOSTILE.with(log);
        try (var stage = Stage.loadOnly(object, LoadOptions.DEFAULT, setting)) {
            var sockets = stage.object().sockHash("sockets");
            sockets.attach(stage.object().program("watch"), AttachType.SK_SKB_VERDICT);
            var client = stage.open("client", SocketChoice.ACCEPTED);
            sockets.update(new byte[8], client.socket(), UpdateFlag.ANY);
            // @start region="time"
            VirtualTime time = stage.time();
            client.peer().sends("t"); // the program starts a timer of a second

            time.advance(Duration.ofMillis(999));
            assertThat(log.notes()).hasSize(1);

            time.advance(Duration.ofMillis(1));
            RunNote callback = log.notes().get(1);
            assertThat(callback.socket()).isEmpty();
            assertThat(callback.fault()).get().asString().contains("ran for more than");
            // @end
        }
    }
}
