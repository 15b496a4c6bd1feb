package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.policy.yaml.Yaml;
import io.jsockmap.testkit.pcap.Capture;
import io.jsockmap.testkit.pcap.Conversation;
import io.jsockmap.testkit.pcap.Replay;
import io.jsockmap.testkit.pcap.Splitting;

import java.io.IOException;
import java.nio.file.Path;
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
     * @param client who plays the side that connected
     * @param server who plays the other; what it sent is left out if nobody does
     */
    static List<Step> steps(Conversation conversation, Endpoint client, Optional<Endpoint> server) {
        List<Step> steps = new ArrayList<>();
        var replay = Replay.of(conversation);
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

    /**
     * A conversation of a capture.
     *
     * @param number which, from 1
     * @throws BpfException ENOENT if there is no such file or conversation
     */
    static Conversation conversation(Path file, long number) {
        try {
            var all = Capture.read(file).conversations();
            if (number >= 1 && number <= all.size()) return all.get((int) number - 1);
            throw missing(
                    "%s has %d conversations, not a number %d"
                            .formatted(file.getFileName(), all.size(), number));
        } catch (IOException e) {
            throw missing("%s can't be read: %s".formatted(file.getFileName(), e.getMessage()));
        }
    }

    private static BpfException missing(String problem) {
        return new BpfException(Errno.ENOENT, problem);
    }

    /** The same by the name that stands in a scenario's file, where a mistake is told. */
    static Conversation conversation(Yaml file, long number) {
        try {
            return conversation(file.file().resolveSibling(file.text()), number);
        } catch (BpfException e) {
            throw file.mistake(e.explanation());
        }
    }
}
