package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.FullTarget;
import io.jsockmap.sockmap.socket.Limits;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small world in which chance sends, cuts, reads, closes, resets, changes the targets of
 * redirects and replaces programs. What is received is framed; what is sent is judged message by
 * message, or frame by frame however the sends are cut. Any socket, the source itself included, may
 * become the target of any other. Chance also decides how much programs see, how small windows are,
 * and what happens to bytes for a full target.
 */
final class Simulation {
    private static final int STEPS = 120;
    private static final int TARGET = 0;

    private final Random random;
    private final Limits limits;
    private final Network network;
    private final List<Judges> receivers = new ArrayList<>();
    private final List<Judges> senders = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    Simulation(long seed) {
        random = new Random(seed);
        limits = new Limits(64 + random.nextInt(400), 64 + random.nextInt(400));
        network = new Network(limits, one(Delivery.values()));
        for (int i = 0; i < 2; i++) receivers.add(received());
        senders.add(sent("msg-verdict"));
        senders.add(sent("frames-msg"));
        int count = 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) nodes.add(open(i));
    }

    private Delivery one(Delivery... all) {
        return all[random.nextInt(all.length)];
    }

    private Judges received() {
        var object = network.load("frames");
        return new Judges(
                object.sockMap("targets"),
                Map.of(
                        AttachType.SK_SKB_STREAM_PARSER, object.program("parse"),
                        AttachType.SK_SKB_STREAM_VERDICT, object.program("judge")));
    }

    private Judges sent(String name) {
        var object = network.load(name);
        return new Judges(
                object.sockMap("targets"),
                Map.of(AttachType.SK_MSG_VERDICT, object.program("judge")));
    }

    private Node open(int number) {
        boolean framesSends = random.nextBoolean();
        var node = new Node(number, network.accepted(), random, framesSends);
        receivers.get(number % 2).judge(1 + number / 2, node);
        // Every third is judged on its receive side only.
        if (number % 3 != 0) senders.get(framesSends ? 1 : 0).judge(1 + number / 2, node);
        return node;
    }

    void run() {
        for (int i = 0; i < STEPS; i++) {
            step(nodes.get(random.nextInt(nodes.size())));
            nodes.forEach(node -> node.holds(limits, longestQueue()));
        }
        nodes.forEach(Node::peerCloses);
        settle();
        nodes.forEach(Node::givesUp);
        nodes.forEach(Node::endsProperly);
        network.close();
    }

    private void step(Node node) {
        switch (random.nextInt(22)) {
            case 0, 1, 2, 3, 4, 5 -> node.peerSends();
            case 6, 7, 8 -> node.applicationSends();
            case 9, 10, 11 -> node.applicationReads(1 + random.nextInt(60));
            case 12, 13, 14 -> node.peerReads(1 + random.nextInt(60));
            case 15, 16, 17 -> any().retarget(node);
            case 18 -> node.suffers(random.nextInt(20));
            case 19 -> any().setWhenFull();
            case 20 -> any().replaceProgram(node);
            default -> node.peeks();
        }
    }

    private Judges any() {
        var some = random.nextBoolean() ? receivers : senders;
        return some.get(random.nextInt(some.size()));
    }

    private long longestQueue() {
        return List.of(receivers, senders).stream()
                .flatMap(List::stream)
                .mapToLong(judges -> judges.longestQueue)
                .max()
                .orElseThrow();
    }

    /** Lets everybody read until nothing moves. */
    private void settle() {
        for (boolean moved = true; moved; ) {
            moved = false;
            for (var node : nodes) {
                moved |= node.finishesSending();
                moved |= node.applicationReads(Integer.MAX_VALUE) > 0;
                moved |= node.peerReads(Integer.MAX_VALUE) > 0;
            }
        }
    }

    /** A map with its programs: socket 0 is the target of the others, which they judge. */
    private final class Judges {
        final UserSockMap map;
        final Map<AttachType, Program> programs;

        /** Bytes that any policy so far lets a target's queue hold. */
        long longestQueue;

        Judges(UserSockMap map, Map<AttachType, Program> programs) {
            this.map = map;
            this.programs = new EnumMap<>(programs);
        }

        void judge(int index, Node node) {
            programs.forEach((type, program) -> map.attach(program, type));
            map.update(index, node.connection().socket(), UpdateFlag.NOEXIST);
            programs.forEach((type, program) -> map.detach(program, type));
        }

        void retarget(Node node) {
            try {
                // What others send would come between the pieces of a frame.
                if (random.nextInt(4) == 0 || node.framesSends()) map.delete(TARGET);
                else map.update(TARGET, node.connection().socket(), UpdateFlag.ANY);
            } catch (BpfException refused) {
                // Nothing to delete, or a socket that has come too far.
                assertThat(refused.errno()).isIn(Errno.EINVAL, Errno.EOPNOTSUPP, Errno.EBADF);
            }
        }

        void setWhenFull() {
            int limit = 1 + random.nextInt(2000);
            map.setWhenFull(
                    switch (random.nextInt(3)) {
                        case 0 -> FullTarget.DROP;
                        case 1 -> new FullTarget.Queue(limit);
                        default -> FullTarget.BLOCK;
                    });
            if (map.whenFull() instanceof FullTarget.Queue) {
                longestQueue = Math.max(longestQueue, limit);
            }
        }

        /** Takes a socket out and puts it back: what it had begun to gather is begun anew. */
        void replaceProgram(Node node) {
            int index = 1 + node.number() / 2;
            boolean judged =
                    map.socket(index).filter(node.connection().socket()::equals).isPresent();
            if (!judged || !node.mayBeJudgedAnew()) return;
            map.delete(index);
            judge(index, node);
        }
    }
}
