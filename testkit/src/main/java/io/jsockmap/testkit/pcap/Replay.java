package io.jsockmap.testkit.pcap;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * What the two sides of a conversation did, to be done again: plain values, which anything can
 * play. The order of the turns is the captured one; how the bytes of a turn are cut into sends is
 * chosen.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="replay"}
 */
public final class Replay {
    private final Conversation conversation;

    private Replay(Conversation conversation) {
        this.conversation = conversation;
    }

    public static Replay of(Conversation conversation) {
        return new Replay(conversation);
    }

    /** Something that one side does. */
    public sealed interface Step {
        /** Who does it. */
        boolean fromClient();

        /**
         * It sends bytes by one call, or a datagram.
         *
         * @param bytes not to be changed
         */
        record Send(boolean fromClient, byte[] bytes) implements Step {
            @Override
            public boolean equals(Object other) {
                return other instanceof Send send
                        && fromClient == send.fromClient
                        && Arrays.equals(bytes, send.bytes);
            }

            @Override
            public int hashCode() {
                return Arrays.hashCode(bytes) * 2 + (fromClient ? 1 : 0);
            }
        }

        /** It ends its stream, and may still receive. */
        record End(boolean fromClient) implements Step {}

        /** It resets the connection. */
        record Reset(boolean fromClient) implements Step {}
    }

    /**
     * The sends of one side, regardless of the other: {@link Splitting.Whole} makes one of them.
     *
     * @return each with at least one byte, but for empty datagrams
     */
    public List<byte[]> sends(boolean fromClient, Splitting splitting) {
        var pieces = pieces(fromClient);
        if (conversation.protocol() == Protocol.UDP) return pieces;
        var all = conversation.sent(fromClient);
        return cut(all, 0, all.length, places(splitting, lengths(pieces)));
    }

    /** How many bytes a side sends. */
    public int length(boolean fromClient) {
        return lengths(pieces(fromClient)).stream().mapToInt(Integer::intValue).sum();
    }

    private List<byte[]> pieces(boolean fromClient) {
        return conversation.pieces().stream()
                .filter(piece -> piece.fromClient() == fromClient)
                .map(Piece::bytes)
                .toList();
    }

    private static List<Integer> lengths(List<byte[]> pieces) {
        return pieces.stream().map(piece -> piece.length).toList();
    }

    /**
     * Behind how many bytes of a stream it is cut.
     *
     * @param pieces lengths of what was captured
     */
    private static BitSet places(Splitting splitting, List<Integer> pieces) {
        int length = pieces.stream().mapToInt(Integer::intValue).sum();
        var places = new BitSet();
        switch (splitting) {
            case Splitting.AsCaptured _ -> {
                int at = 0;
                for (int piece : pieces) {
                    at += piece;
                    places.set(at);
                }
            }
            case Splitting.Whole _ -> {}
            case Splitting.Bytewise _ -> places.set(1, length + 1);
            case Splitting.Cut(int at) -> places.set(at);
            case Splitting.Seeded(long seed, int longest) -> {
                var random = new Random(seed);
                for (int at = 1 + random.nextInt(longest); at < length; ) {
                    places.set(at);
                    at += 1 + random.nextInt(longest);
                }
            }
        }
        return places;
    }

    /** Bytes from one place to another, cut at the places between. */
    private static List<byte[]> cut(byte[] all, int from, int to, BitSet places) {
        List<byte[]> sends = new ArrayList<>();
        for (int at = from; at < to; ) {
            int cut = places.nextSetBit(at + 1);
            int end = cut < 0 ? to : Math.min(cut, to);
            sends.add(Arrays.copyOfRange(all, at, end));
            at = end;
        }
        return sends;
    }

    /** All that both sides do, both cut in the same way. */
    public List<Step> steps(Splitting splitting) {
        return steps(splitting, splitting);
    }

    /** All that both sides do, in order: what one sends before the other has its turn is cut. */
    public List<Step> steps(Splitting ofClient, Splitting ofServer) {
        if (conversation.protocol() == Protocol.UDP) return datagrams();
        var client = new Side(true, places(ofClient, lengths(pieces(true))));
        var server = new Side(false, places(ofServer, lengths(pieces(false))));
        List<Step> steps = new ArrayList<>();
        var ends = conversation.ends();
        int ended = 0;
        for (int k = 0; k <= conversation.pieces().size(); k++) {
            for (; ended < ends.size() && ends.get(ended).afterPieces() <= k; ended++) {
                client.play(steps);
                server.play(steps);
                steps.add(step(ends.get(ended)));
            }
            if (k == conversation.pieces().size()) break;
            var piece = conversation.pieces().get(k);
            (piece.fromClient() ? server : client).play(steps);
            (piece.fromClient() ? client : server).turn.writeBytes(piece.bytes());
        }
        client.play(steps);
        server.play(steps);
        return steps;
    }

    private List<Step> datagrams() {
        return conversation.pieces().stream()
                .<Step>map(piece -> new Step.Send(piece.fromClient(), piece.bytes()))
                .toList();
    }

    private static Step step(StreamEnd end) {
        return end.reset() ? new Step.Reset(end.fromClient()) : new Step.End(end.fromClient());
    }

    /** One side, and what it has sent in this turn so far. */
    private static final class Side {
        final boolean client;
        final BitSet places;
        final ByteArrayOutputStream turn = new ByteArrayOutputStream();
        int before;

        Side(boolean client, BitSet places) {
            this.client = client;
            this.places = places;
        }

        /** The turn is over. */
        void play(List<Step> steps) {
            var all = turn.toByteArray();
            turn.reset();
            var here = places.get(before, before + all.length + 1);
            before += all.length;
            for (var send : cut(all, 0, all.length, here)) steps.add(new Step.Send(client, send));
        }
    }
}
