package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockMap;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Limits;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small world in which chance sends, cuts, reads, closes, resets and changes the targets of
 * redirects. All sockets are framed, and most judge what they send; any of them, the source itself
 * included, may become the target of any other.
 */
final class Simulation {
    private static final int STEPS = 120;
    private static final int TARGET = 0;

    private final Random random;
    private final Network network;
    private final List<Judges> judges = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    Simulation(long seed) {
        random = new Random(seed);
        network = new Network(new Limits(64 + random.nextInt(400), 64 + random.nextInt(400)));
        for (int i = 0; i < 2; i++) judges.add(received());
        for (int i = 0; i < 2; i++) judges.add(sent());
        int count = 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) nodes.add(open(i));
    }

    private Judges received() {
        var object = network.load("frames");
        return new Judges(
                object.sockMap("targets"),
                Map.of(
                        AttachType.SK_SKB_STREAM_PARSER, object.program("parse"),
                        AttachType.SK_SKB_STREAM_VERDICT, object.program("judge")));
    }

    private Judges sent() {
        var object = network.load("msg-verdict");
        return new Judges(
                object.sockMap("targets"),
                Map.of(AttachType.SK_MSG_VERDICT, object.program("judge")));
    }

    private Node open(int number) {
        var node = new Node(number, network.accepted(), random);
        judges.get(number % 2).judge(1 + number / 2, node);
        if (number % 3 != 0) judges.get(2 + number % 2).judge(1 + number / 2, node);
        return node;
    }

    void run() {
        for (int i = 0; i < STEPS; i++) step(nodes.get(random.nextInt(nodes.size())));
        nodes.forEach(Node::peerCloses);
        settle();
        nodes.forEach(Node::endsProperly);
        network.close();
    }

    private void step(Node node) {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 -> node.peerSends();
            case 6, 7, 8 -> node.applicationSends();
            case 9, 10, 11 -> node.applicationReads(1 + random.nextInt(60));
            case 12, 13, 14 -> node.peerReads(1 + random.nextInt(60));
            case 15, 16, 17 -> judges.get(random.nextInt(4)).retarget(node);
            case 18 -> node.suffers(random.nextInt(20));
            default -> node.balances();
        }
    }

    /** Lets everybody read until nothing moves. */
    private void settle() {
        for (boolean moved = true; moved; ) {
            moved = false;
            for (var node : nodes) {
                moved |= node.applicationReads(Integer.MAX_VALUE) > 0;
                moved |= node.peerReads(Integer.MAX_VALUE) > 0;
            }
        }
    }

    /** A map with its programs: socket 0 is the target of the others, which they judge. */
    private final class Judges {
        final SockMap map;
        final Map<AttachType, Program> programs;

        Judges(SockMap map, Map<AttachType, Program> programs) {
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
                if (random.nextInt(4) == 0) map.delete(TARGET);
                else map.update(TARGET, node.connection().socket(), UpdateFlag.ANY);
            } catch (BpfException refused) {
                // Nothing to delete, or a socket that has come too far.
                assertThat(refused.errno()).isIn(Errno.EINVAL, Errno.EOPNOTSUPP, Errno.EBADF);
            }
        }
    }
}
