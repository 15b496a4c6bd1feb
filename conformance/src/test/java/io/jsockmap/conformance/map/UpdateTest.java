package io.jsockmap.conformance.map;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SocketMap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an update takes, by its flag, the key and the room; and in which order it looks. */
@EngineTest
class UpdateTest {
    private static byte[] key(long number) {
        return IndexKey.of(number);
    }

    private static void attachJudge(SocketMap map, Lab lab) {
        map.attach(lab.load("msg-verdict").program("judge"), AttachType.SK_MSG_VERDICT);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 0x7fff_ffffL, 0xffff_ffffL})
    @DisplayName("M16: an index at the end or beyond gives E2BIG")
    void beyondTheEnd(long index, Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var socket = lab.tcp().socket();

        map.update(1, socket, UpdateFlag.ANY);

        assertFails(() -> map.update(index, socket, UpdateFlag.ANY), Errno.E2BIG);
    }

    @Test
    @DisplayName("M17: NOEXIST at an occupied index gives EEXIST, and the first socket stays")
    void occupiedIndex(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var first = lab.tcp().socket();
        map.update(0, first, UpdateFlag.NOEXIST);

        assertFails(() -> map.update(0, lab.tcp().socket(), UpdateFlag.NOEXIST), Errno.EEXIST);

        assertThat(Cookies.at(map, key(0))).hasValue(first.cookie());
    }

    @Test
    @DisplayName("M17: NOEXIST under a key that is there gives EEXIST, and the first socket stays")
    void occupiedKey(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 2);
        var first = lab.tcp().socket();
        hash.update(key(7), first, UpdateFlag.NOEXIST);

        assertFails(
                () -> hash.update(key(7), lab.tcp().socket(), UpdateFlag.NOEXIST), Errno.EEXIST);

        assertThat(Cookies.at(hash, key(7))).hasValue(first.cookie());
    }

    @Test
    @DisplayName("M18: EXIST at an empty index gives ENOENT, and it stays empty")
    void emptyIndex(Lab lab) throws Exception {
        var map = lab.sockMap(2);

        assertFails(() -> map.update(0, lab.tcp().socket(), UpdateFlag.EXIST), Errno.ENOENT);

        assertThat(map.lookup(key(0))).isEmpty();
    }

    @Test
    @DisplayName("M18: EXIST under a missing key gives ENOENT, and it stays missing")
    void missingKey(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 2);

        assertFails(() -> hash.update(key(7), lab.tcp().socket(), UpdateFlag.EXIST), Errno.ENOENT);

        assertThat(hash.keys()).isEmpty();
    }

    @Test
    @DisplayName("M19: a full SOCKHASH gives E2BIG for a new key")
    void full(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 2);
        hash.update(key(1), lab.tcp().socket(), UpdateFlag.ANY);
        hash.update(key(2), lab.tcp().socket(), UpdateFlag.ANY);

        assertFails(() -> hash.update(key(3), lab.tcp().socket(), UpdateFlag.ANY), Errno.E2BIG);
    }

    @Test
    @DisplayName("M19: in a full SOCKHASH a key can be replaced")
    void replacedInAFullMap(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 2);
        hash.update(key(1), lab.tcp().socket(), UpdateFlag.ANY);
        hash.update(key(2), lab.tcp().socket(), UpdateFlag.ANY);
        var successor = lab.tcp().socket();

        hash.update(key(2), successor, UpdateFlag.ANY);

        assertThat(Cookies.at(hash, key(2))).hasValue(successor.cookie());
        assertThat(hash.keys()).hasSize(2);
    }

    @Test
    @DisplayName("M19: a key that was deleted makes room for another")
    void roomAgain(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 1);
        var socket = lab.tcp().socket();
        hash.update(key(1), socket, UpdateFlag.ANY);

        hash.delete(key(1));
        hash.update(key(2), socket, UpdateFlag.ANY);

        assertThat(hash.keys()).containsExactly(key(2));
    }

    // --- The order of checks ---------------------------------------------------------------------

    @Test
    @DisplayName("M12: the state is looked at before the index")
    void stateBeforeIndex(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var halfClosed = lab.tcp();
        halfClosed.farShutsDown();
        halfClosed.receivesEnd();

        assertFails(() -> map.update(9, halfClosed.socket(), UpdateFlag.ANY), Errno.EOPNOTSUPP);
    }

    @Test
    @DisplayName("M12: the index is looked at before conflicts of programs")
    void indexBeforeConflict(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        attachJudge(map, lab);
        var socket = lab.tcp().socket();
        map.update(0, socket, UpdateFlag.ANY);

        assertFails(() -> map.update(9, socket, UpdateFlag.ANY), Errno.E2BIG);
    }

    @Test
    @DisplayName("M12: conflicts are looked at before the key's existence")
    void conflictBeforeExistence(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        attachJudge(map, lab);
        var socket = lab.tcp().socket();
        map.update(0, socket, UpdateFlag.ANY);

        assertFails(() -> map.update(0, socket, UpdateFlag.NOEXIST), Errno.EBUSY);
        assertFails(() -> map.update(1, socket, UpdateFlag.EXIST), Errno.EBUSY);
    }

    @Test
    @DisplayName("M12: conflicts are looked at before room")
    void conflictBeforeRoom(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 1);
        attachJudge(hash, lab);
        var socket = lab.tcp().socket();
        hash.update(key(1), socket, UpdateFlag.ANY);

        assertFails(() -> hash.update(key(2), socket, UpdateFlag.ANY), Errno.EBUSY);
    }

    // --- A failure changes nothing ---------------------------------------------------------------

    @Test
    @DisplayName("F1, M28: an update that fails by EEXIST leaves no program on a mapped socket")
    @KernelFault(value = "F1", instead = "the map's program judges what the socket sends")
    void noProgramOfAnOccupiedKey(Lab lab) throws Exception {
        var judging = lab.sockMap(1);
        attachJudge(judging, lab);
        judging.update(0, lab.tcp().socket(), UpdateFlag.ANY);
        var sender = lab.tcp();
        lab.sockMap(1).update(0, sender.socket(), UpdateFlag.ANY);

        assertFails(() -> judging.update(0, sender.socket(), UpdateFlag.NOEXIST), Errno.EEXIST);

        sender.sends("Drop it, if you judge");
        sender.farReceives("Drop it, if you judge");
    }

    @Test
    @DisplayName("F1, M28: an update that fails by ENOENT leaves no program on a mapped socket")
    @KernelFault(value = "F1", instead = "the map's program judges what the socket sends")
    void noProgramOfAnEmptyKey(Lab lab) throws Exception {
        var judging = lab.sockMap(1);
        attachJudge(judging, lab);
        var sender = lab.tcp();
        lab.sockMap(1).update(0, sender.socket(), UpdateFlag.ANY);

        assertFails(() -> judging.update(0, sender.socket(), UpdateFlag.EXIST), Errno.ENOENT);

        sender.sends("Drop it, if you judge");
        sender.farReceives("Drop it, if you judge");
    }

    @Test
    @DisplayName("F1, M28: an update that fails by E2BIG leaves no program on a mapped socket")
    @KernelFault(value = "F1", instead = "the map's program judges what the socket sends")
    void noProgramOfAFullMap(Lab lab) throws Exception {
        var judging = lab.sockHash(4, 1);
        attachJudge(judging, lab);
        judging.update(key(0), lab.tcp().socket(), UpdateFlag.ANY);
        var sender = lab.tcp();
        lab.sockMap(1).update(0, sender.socket(), UpdateFlag.ANY);

        assertFails(() -> judging.update(key(1), sender.socket(), UpdateFlag.ANY), Errno.E2BIG);

        sender.sends("Drop it, if you judge");
        sender.farReceives("Drop it, if you judge");
    }

    @Test
    @DisplayName("M28: a socket that is in no map has nothing left of an update that fails")
    void nothingOfAFailedUpdate(Lab lab) throws Exception {
        var judging = lab.sockMap(1);
        attachJudge(judging, lab);
        var sender = lab.tcp();

        assertFails(() -> judging.update(0, sender.socket(), UpdateFlag.EXIST), Errno.ENOENT);

        sender.sends("Drop it, if you judge");
        sender.farReceives("Drop it, if you judge");
    }
}
