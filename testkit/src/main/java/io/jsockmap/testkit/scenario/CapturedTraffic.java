package io.jsockmap.testkit.scenario;

import io.jsockmap.testkit.pcap.Capture;
import io.jsockmap.testkit.pcap.Conversation;
import io.jsockmap.testkit.pcap.Replay;
import io.jsockmap.testkit.pcap.Splitting;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What captures have of conversations, as steps and payloads. */
final class CapturedTraffic {
    private CapturedTraffic() {}

    /**
     * What both sides of a conversation did, in its order.
     *
     * @param file where the capture's name stands
     * @param number of the conversation in the capture, from 1
     * @param client who plays the side that connected
     * @param server who plays the other; what it sent is left out if nobody does
     */
    static List<Step> steps(Yaml file, long number, Endpoint client, Optional<Endpoint> server) {
        List<Step> steps = new ArrayList<>();
        var replay = Replay.of(conversation(file, number));
        for (var step : replay.steps(new Splitting.AsCaptured())) {
            switch (step) {
                case Replay.Step.Send(boolean fromClient, byte[] bytes) ->
                        by(fromClient, client, server)
                                .map(e -> send(e, bytes))
                                .ifPresent(steps::add);
                case Replay.Step.End(boolean fromClient) ->
                        by(fromClient, client, server)
                                .map(Step.Shutdown::new)
                                .ifPresent(steps::add);
                case Replay.Step.Reset(boolean fromClient) ->
                        by(fromClient, client, server).map(Step.Reset::new).ifPresent(steps::add);
            }
        }
        return steps;
    }

    private static Optional<Endpoint> by(
            boolean fromClient, Endpoint client, Optional<Endpoint> server) {
        return fromClient ? Optional.of(client) : server;
    }

    private static Step send(Endpoint from, byte[] bytes) {
        return new Step.Send(from, bytes, List.of(), Optional.empty(), OptionalLong.empty());
    }

    /** All that one side of a conversation sent. */
    static byte[] sent(Yaml file, long number, boolean fromClient) {
        return conversation(file, number).sent(fromClient);
    }

    private static Conversation conversation(Yaml file, long number) {
        try {
            var all = Capture.read(file.file().resolveSibling(file.text())).conversations();
            if (number >= 1 && number <= all.size()) return all.get((int) number - 1);
            throw file.mistake(
                    "%s has %d conversations, not a number %d"
                            .formatted(file.text(), all.size(), number));
        } catch (IOException e) {
            throw file.mistake("%s can't be read: %s".formatted(file.text(), e.getMessage()));
        }
    }
}
