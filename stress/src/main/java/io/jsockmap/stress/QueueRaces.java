package io.jsockmap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Bytes that move while others read, send, remove or close. */
public class QueueRaces {
    private QueueRaces() {}

    /** A source that redirects to a target. */
    private static final class Relay {
        final UserSockMap map = World.map();
        final UserSockHash targets = World.hash();
        final Sock source = World.open();
        final Sock target = World.open();

        Relay() {
            map.attach(World.relay(targets), AttachType.SK_SKB_STREAM_VERDICT);
            map.update(0, source, UpdateFlag.ANY);
            targets.update(World.key(source.cookie()), target, UpdateFlag.ANY);
        }

        /** Whether every byte was written, passed, dropped or discarded, and by whom is known. */
        boolean isConserved(int received) {
            var flow = source.account().receive();
            long arrived = target.account().egress().entered();
            boolean moved = target.account().send().in() == flow.redirected();
            long counted = arrived + target.account().send().dropped();
            return World.balances(source)
                    && World.balances(target)
                    && flow.in() == received
                    && flow.held() == 0
                    && moved
                    && counted == flow.redirected();
        }

        void end() {
            World.end(source, target);
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "every byte has one fate")
    @Outcome(expect = FORBIDDEN, desc = "bytes lost or made up")
    @State
    public static class RedirectOrCloseTarget {
        final Relay relay = new Relay();

        @Actor
        public void receive() {
            relay.source.received(World.bytes(5));
            relay.source.received(World.bytes(7));
        }

        @Actor
        public void close() {
            relay.target.close();
        }

        @Arbiter
        public void account(Z_Result r) {
            r.r1 = relay.isConserved(12);
            relay.end();
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "every byte has one fate")
    @Outcome(expect = FORBIDDEN, desc = "bytes lost or made up")
    @State
    public static class RedirectOrRemoveTarget {
        final Relay relay = new Relay();

        @Actor
        public void receive() {
            relay.source.received(World.bytes(5));
            relay.source.received(World.bytes(7));
        }

        @Actor
        public void remove() {
            relay.targets.delete(World.key(relay.source.cookie()));
        }

        @Arbiter
        public void account(Z_Result r) {
            r.r1 = relay.isConserved(12);
            relay.end();
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "every byte has one fate")
    @Outcome(expect = FORBIDDEN, desc = "bytes lost or made up")
    @State
    public static class RedirectOrCloseSource {
        final Relay relay = new Relay();

        @Actor
        public void receive() {
            relay.source.received(World.bytes(5));
            relay.source.received(World.bytes(7));
        }

        @Actor
        public void close() {
            relay.source.close();
        }

        @Arbiter
        public void account(Z_Result r) {
            r.r1 = relay.isConserved(12);
            relay.end();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 12", "5, 7", "12, 0"},
            expect = ACCEPTABLE,
            desc = "whole messages, once")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or torn")
    @State
    public static class PassOrRead {
        final UserSockMap map = World.map();
        final Sock socket = World.open();

        public PassOrRead() {
            map.attach(World.PASS, AttachType.SK_SKB_STREAM_VERDICT);
            map.update(0, socket, UpdateFlag.ANY);
        }

        @Actor
        public void receive() {
            socket.received(World.bytes(5));
            socket.received(World.bytes(7));
        }

        @Actor
        public void read(II_Result r) {
            r.r1 = readAll();
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = readAll();
            World.end(socket);
        }

        private int readAll() {
            int all = 0;
            while (socket.read(100) instanceof Ingress.Bytes(var chunk)) all += chunk.length();
            return all;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"5, 1005", "-32, 1000"},
            expect = ACCEPTABLE,
            desc = "before the end, or EPIPE")
    @Outcome(expect = FORBIDDEN, desc = "bytes behind the end, or lost")
    @State
    public static class SendOrShutdown {
        final Sock socket = World.open();
        AtomicInteger sent;

        @Actor
        public void send() {
            sent = World.send(socket, 5);
        }

        @Actor
        public void shutdown() {
            socket.shutdownOutput();
        }

        @Arbiter
        public void written(II_Result r) {
            r.r1 = sent.get();
            r.r2 = World.written(socket);
            World.end(socket);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"5, 1005", "-9, 1000"},
            expect = ACCEPTABLE,
            desc = "sent, as promised, or EBADF")
    @Outcome(expect = FORBIDDEN, desc = "promised bytes vanish")
    @State
    public static class HoldOrClose {
        final UserSockMap map = World.map();
        final Sock socket = World.open();
        AtomicInteger sent;

        public HoldOrClose() {
            map.attach(World.CORK, AttachType.SK_MSG_VERDICT);
            map.update(0, socket, UpdateFlag.ANY);
        }

        @Actor
        public void send() {
            sent = World.send(socket, 5);
        }

        @Actor
        public void close() {
            socket.close();
        }

        @Arbiter
        public void written(II_Result r) {
            r.r1 = sent.get();
            r.r2 = World.written(socket);
            World.end(socket);
        }
    }

    @JCStressTest
    @Outcome(id = "24", expect = ACCEPTABLE, desc = "all bytes, however the writers meet")
    @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
    @State
    public static class TwoSourcesOneTarget {
        final Relay one = new Relay();
        final Sock other = World.open();
        int taken;

        public TwoSourcesOneTarget() {
            one.map.update(1, other, UpdateFlag.ANY);
            one.targets.update(World.key(other.cookie()), one.target, UpdateFlag.ANY);
        }

        @Actor
        public void first() {
            one.source.received(World.bytes(5));
            one.source.received(World.bytes(7));
        }

        @Actor
        public void second() {
            other.received(World.bytes(5));
            other.received(World.bytes(7));
        }

        @Actor
        public void write() {
            taken = World.written(one.target);
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = taken + World.written(one.target);
            one.end();
            World.end(other);
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "one message, then the other")
    @Outcome(expect = FORBIDDEN, desc = "a message in the middle of another")
    @State
    public static class MessagesStayWhole {
        final UserSockMap map = World.map();
        final UserSockMap targets = World.map();
        final Sock one = World.open(World.IN_PIECES);
        final Sock other = World.open(World.IN_PIECES);
        final Sock target = World.open(World.IN_PIECES);

        public MessagesStayWhole() {
            map.attach(World.redirect(targets), AttachType.SK_MSG_VERDICT);
            map.update(0, one, UpdateFlag.ANY);
            map.update(1, other, UpdateFlag.ANY);
            targets.update(0, target, UpdateFlag.ANY);
        }

        @Actor
        public void first() {
            send(one, "Raaa");
        }

        @Actor
        public void second() {
            send(other, "Rbbb");
        }

        @Arbiter
        public void written(Z_Result r) {
            var text = World.text(target);
            r.r1 = text.equals("RaaaRbbb") || text.equals("RbbbRaaa");
            World.end(World.IN_PIECES, one, other, target);
        }

        private static void send(Sock socket, String text) {
            socket.send(
                    ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)),
                    true,
                    (_, _) -> {});
        }
    }
}
