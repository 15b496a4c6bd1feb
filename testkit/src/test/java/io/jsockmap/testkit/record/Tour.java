package io.jsockmap.testkit.record;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.Delivery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two connections of the program {@code tour}: what the first sends is judged, and recorded. */
public final class Tour implements AutoCloseable {
    public static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    public static final Path OBJECT =
            ROOT.resolve("testkit/src/test/resources/programs/tour.bpf.o");

    private static final ObjectSpec SPEC = ObjectReader.read(OBJECT);

    private final List<RecordedRun> runs = new ArrayList<>();
    private final InMemoryNetwork network;
    private final UserObject object;
    private final Connection sender;
    private final Connection target;

    public Tour(RunLimits limits) {
        this(limits, RunWatcher.NONE);
    }

    /** With somebody else who looks on. */
    public Tour(RunLimits limits, RunWatcher other) {
        var recorder = new Recorder(limits, runs::add);
        var settings = UserEngine.Settings.DEFAULT;
        network =
                new InMemoryNetwork(
                        settings.with(new Interpreter().watchedBy(RunWatcher.all(recorder, other)))
                                .with(recorder.hearing(settings.environment().tracingTo(_ -> {})))
                                .with(Delivery.WHOLE));
        var setup =
                new ObjectSetup(
                        Map.of(),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        List.of("tables[0]=second"),
                        List.of("first=sockets"));
        object = network.engine().load(SPEC, setup.loadOptions(SPEC));
        object.sockMap("sockets").attach(object.program("first"), AttachType.SK_MSG_VERDICT);
        setup.setElements(object);
        recorder.loaded(object);
        sender = network.connected();
        target = network.accepted();
        object.sockMap("sockets").update(0, sender.socket(), UpdateFlag.ANY);
        object.sockMap("sockets").update(1, target.socket(), UpdateFlag.ANY);
    }

    public UserObject object() {
        return object;
    }

    public Connection sender() {
        return sender;
    }

    public Connection other() {
        return target;
    }

    /** Sends a message, and gives the run that judged it. */
    public RecordedRun sends(String message) {
        sender.sends(message);
        return runs.getLast();
    }

    public List<RecordedRun> runs() {
        return List.copyOf(runs);
    }

    @Override
    public void close() {
        network.close();
    }
}
