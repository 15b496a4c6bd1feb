package io.jsockmap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.socket.Sock;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Updates, deletes and closes that want the same slot, or the same socket. Results are errnos. */
public class SlotRaces {
    private SlotRaces() {}

    @JCStressTest
    @Outcome(
            id = {"0, 0", "9, 0"},
            expect = ACCEPTABLE,
            desc = "in time, or EBADF: never forgotten")
    @Outcome(expect = FORBIDDEN, desc = "another errno, or a closed socket stays in the map")
    @State
    public static class InsertOrClose {
        final UserSockMap map = World.map();
        final Sock socket = World.open();

        @Actor
        public void insert(II_Result r) {
            r.r1 = World.insert(map, socket);
        }

        @Actor
        public void close() {
            socket.close();
        }

        @Arbiter
        public void entries(II_Result r) {
            r.r2 = map.size() + (socket.isMapped() ? 1 : 0);
            World.end(socket);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 17, 1", "17, 0, 1"},
            expect = ACCEPTABLE,
            desc = "one is there, the other EEXIST")
    @Outcome(expect = FORBIDDEN, desc = "both, or none")
    @State
    public static class TwoForOneSlot {
        final UserSockMap map = World.map();
        final Sock one = World.open();
        final Sock other = World.open();

        @Actor
        public void first(III_Result r) {
            r.r1 = World.insert(map, one);
        }

        @Actor
        public void second(III_Result r) {
            r.r2 = World.insert(map, other);
        }

        @Arbiter
        public void entries(III_Result r) {
            r.r3 = (one.isMapped() ? 1 : 0) + (other.isMapped() ? 1 : 0);
            World.end(one, other);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 0, 0", "0, 22, 2"},
            expect = ACCEPTABLE,
            desc = "map and socket agree")
    @Outcome(expect = FORBIDDEN, desc = "they do not")
    @State
    public static class InsertOrDelete {
        final UserSockMap map = World.map();
        final Sock socket = World.open();

        @Actor
        public void insert(III_Result r) {
            r.r1 = World.insert(map, socket);
        }

        @Actor
        public void delete(III_Result r) {
            r.r2 = World.errno(() -> map.delete(0));
        }

        @Arbiter
        public void entries(III_Result r) {
            r.r3 = map.size() + (socket.isMapped() ? 1 : 0);
            World.end(socket);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 16, 1", "16, 0, 1"},
            expect = ACCEPTABLE,
            desc = "one verdict, the other EBUSY")
    @Outcome(expect = FORBIDDEN, desc = "two verdicts on a socket, or none")
    @State
    public static class OneVerdictForASocket {
        final UserSockMap one = judging();
        final UserSockMap other = judging();
        final Sock socket = World.open();

        private static UserSockMap judging() {
            var map = World.map();
            map.attach(World.PASS, AttachType.SK_SKB_VERDICT);
            return map;
        }

        @Actor
        public void first(III_Result r) {
            r.r1 = World.insert(one, socket);
        }

        @Actor
        public void second(III_Result r) {
            r.r2 = World.insert(other, socket);
        }

        @Arbiter
        public void entries(III_Result r) {
            r.r3 = one.size() + other.size();
            World.end(socket);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 7, 1", "7, 0, 1"},
            expect = ACCEPTABLE,
            desc = "the last place, and E2BIG")
    @Outcome(expect = FORBIDDEN, desc = "more sockets than places")
    @State
    public static class TheLastPlace {
        final UserSockHash map =
                new UserSockHash(MapDefinition.of("hash", MapType.SOCKHASH, 8, 8, 1));
        final Sock socket = World.open();

        @Actor
        public void first(III_Result r) {
            r.r1 = World.errno(() -> map.update(World.key(1), socket, UpdateFlag.ANY));
        }

        @Actor
        public void second(III_Result r) {
            r.r2 = World.errno(() -> map.update(World.key(2), socket, UpdateFlag.ANY));
        }

        @Arbiter
        public void entries(III_Result r) {
            r.r3 = map.size();
            World.end(socket);
        }
    }
}
