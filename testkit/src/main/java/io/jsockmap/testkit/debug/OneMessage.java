package io.jsockmap.testkit.debug;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.record.Recorder;
import io.jsockmap.testkit.record.RunLimits;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The simplest session: a program is attached, and messages come to one socket, {@code client}, or
 * are sent by it, as the program asks. There is a second socket, {@code upstream}, to redirect to.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="message"}
 *
 * @param object the object file
 * @param setup what is said of it; its attachments don't count
 * @param program the program's name
 * @param map the map it goes to; empty for the one its section names, or the first
 * @param insertions {@code MAP[KEY]=client} or {@code upstream}; none for the client in the
 *     program's map, under its cookie or index 0
 * @param delivery how much of a message the program sees at once
 * @param messages the messages, one after the other
 */
public record OneMessage(
        Path object,
        ObjectSetup setup,
        String program,
        Optional<String> map,
        List<String> insertions,
        Delivery delivery,
        List<byte[]> messages)
        implements Session {
    private static final String CLIENT = "client";

    public OneMessage {
        insertions = List.copyOf(insertions);
        messages = List.copyOf(messages);
    }

    @Override
    public String title() {
        return "%s of %s".formatted(program, object.getFileName());
    }

    @Override
    public List<RecordedRun> play() {
        // A timer's callback may run on another thread.
        var runs = Collections.synchronizedList(new ArrayList<RecordedRun>());
        var recorder = new Recorder(RunLimits.DEBUG, runs::add);
        var settings = UserEngine.Settings.DEFAULT;
        var watched =
                settings.with(new Interpreter().watchedBy(recorder))
                        .with(recorder.hearing(settings.environment().tracingTo(_ -> {})))
                        .with(delivery);
        try (var network = new InMemoryNetwork(watched)) {
            play(network, recorder);
        }
        return List.copyOf(runs);
    }

    private void play(InMemoryNetwork network, Recorder recorder) {
        var spec = ObjectReader.read(object);
        var loaded = network.engine().load(spec, setup.loadOptions(spec));
        setup.setElements(loaded);
        var judge = loaded.program(program);
        attach(network, loaded, judge);
        recorder.loaded(loaded);
        var client = network.accepted();
        var upstream = network.connected();
        if (!judge.type().equals(SocketPrograms.SOCK_OPS)) {
            var sockets = Map.of(CLIENT, client.socket(), "upstream", upstream.socket());
            insert(loaded, judge, new NamedSockets(0, sockets, CLIENT));
        }
        for (var message : messages) {
            if (judge.type().equals(SocketPrograms.SK_MSG)) client.sends(ByteBuffer.wrap(message));
            else client.peer().sends(message);
        }
    }

    private void attach(InMemoryNetwork network, UserObject loaded, Program judge) {
        if (judge.type().equals(SocketPrograms.SOCK_OPS)) {
            network.engine().attach(judge);
            return;
        }
        var target = mapOf(loaded, judge);
        var type = typeOf(loaded, judge);
        target.attach(judge, type);
        // A parser and a stream verdict work together.
        partner(type)
                .flatMap(other -> programOf(loaded, other))
                .ifPresent(other -> target.attach(other, typeOf(loaded, other)));
    }

    private static Optional<AttachType> partner(AttachType type) {
        return switch (type) {
            case SK_SKB_STREAM_PARSER -> Optional.of(AttachType.SK_SKB_STREAM_VERDICT);
            case SK_SKB_STREAM_VERDICT -> Optional.of(AttachType.SK_SKB_STREAM_PARSER);
            default -> Optional.empty();
        };
    }

    private static Optional<Program> programOf(UserObject loaded, AttachType type) {
        return loaded.programs().values().stream()
                .filter(some -> loaded.attachType(some.name()).equals(Optional.of(type)))
                .findFirst();
    }

    private static AttachType typeOf(UserObject loaded, Program judge) {
        return loaded.attachType(judge.name())
                .orElse(
                        judge.type().equals(SocketPrograms.SK_MSG)
                                ? AttachType.SK_MSG_VERDICT
                                : AttachType.SK_SKB_STREAM_VERDICT);
    }

    private UserSocketMap mapOf(UserObject loaded, Program judge) {
        if (map.isPresent()) return loaded.socketMap(map.get());
        return loaded.attachMap(judge.name())
                .or(() -> loaded.socketMaps().stream().findFirst())
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.ENOENT,
                                        "%s has no map of sockets, so program %s can't be attached"
                                                .formatted(loaded.spec().name(), program)));
    }

    private void insert(UserObject loaded, Program judge, NamedSockets sockets) {
        if (insertions.isEmpty()) {
            var target = mapOf(loaded, judge);
            var key = target.keySize() == Long.BYTES ? "cookie" : "0";
            insert(loaded, new Element(target.name(), key, CLIENT), sockets);
        }
        for (var text : insertions) {
            var element =
                    Element.parse(text)
                            .orElseThrow(
                                    () ->
                                            new BpfException(
                                                    Errno.EINVAL,
                                                    "--insert %s: expected MAP[KEY]=SOCKET"
                                                            .formatted(text)));
            insert(loaded, element, sockets);
        }
    }

    private static void insert(UserObject loaded, Element element, NamedSockets sockets) {
        var target = loaded.socketMap(element.map());
        var inserting = sockets.inserting(element.value());
        var key = KeyNotation.parse(element.key()).key(target, loaded.spec().btf(), inserting);
        target.update(key, inserting.socket(element.value()), UpdateFlag.ANY);
    }
}
