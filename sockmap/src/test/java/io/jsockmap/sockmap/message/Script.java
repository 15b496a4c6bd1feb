package io.jsockmap.sockmap.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.message.Part.Operation;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.FullTarget;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The program msg-script: a test writes what it does in each run, and reads what it saw. */
public final class Script {
    private static final int MOST_PARTS = 64;

    private final UserObject object;

    public Script(Network network) {
        this(network.load("msg-script"));
    }

    private Script(UserObject object) {
        this.object = object;
        senders().attach(object.program("play"), AttachType.SK_MSG_VERDICT);
    }

    /** A script of which only so many runs are logged, for tests that make many scripts. */
    static Script withLogOf(int runs, Network network) {
        var options = LoadOptions.DEFAULT.withMaxEntries("runs", runs);
        return new Script(network.load("msg-script", options));
    }

    /** Run n does part n; the runs behind the last part do that one. Forgets earlier runs. */
    public void plays(Part... parts) {
        plays(Arrays.asList(parts));
    }

    void plays(List<Part> parts) {
        assertThat(parts).hasSizeBetween(1, MOST_PARTS);
        for (int i = 0; i < parts.size(); i++) write(i, parts.get(i));
        object.variable("parts").set(parts.size());
        object.variable("count").set(0);
    }

    private void write(int part, Part what) {
        var end = new Part.Step(Operation.END, 0, 0, 0);
        for (int i = 0; i < Part.MOST_STEPS; i++) {
            var step = i < what.steps().size() ? what.steps().get(i) : end;
            var index = Bytes.u32((long) part * Part.MOST_STEPS + i);
            object.map("script").update(index, step.encode(), UpdateFlag.ANY);
        }
    }

    /** The map that gives sockets the program. */
    UserSockMap senders() {
        return object.sockMap("senders");
    }

    /** The SOCKMAP that redirects choose from. */
    UserSockMap targets() {
        return object.sockMap("targets");
    }

    /** The SOCKHASH that redirects choose from. */
    UserSockHash hashTargets() {
        return object.sockHash("hash_targets");
    }

    /** Says what a full target means to redirects by the SOCKMAP. */
    public void whenFull(FullTarget policy) {
        targets().setWhenFull(policy);
    }

    /** Has the program judge what a socket sends. */
    public void judges(Connection source) {
        senders().update(0, source.socket(), UpdateFlag.ANY);
    }

    /** Makes a socket a target, in the SOCKMAP and in the SOCKHASH. */
    public void aims(int key, Connection target) {
        targets().update(key, target.socket(), UpdateFlag.ANY);
        hashTargets().update(Bytes.u32(key), target.socket(), UpdateFlag.ANY);
    }

    /** How often the program ran since the script was written. */
    long runCount() {
        return object.variable("count").value();
    }

    /** What the runs saw since the script was written; the log has room for 4096. */
    List<Seen> runs() {
        List<Seen> all = new ArrayList<>();
        long logged = Math.min(runCount(), object.map("runs").maxEntries());
        for (int i = 0; i < logged; i++) {
            all.add(Seen.decode(object.map("runs").lookup(Bytes.u32(i)).orElseThrow()));
        }
        return all;
    }

    /** The sizes that the runs saw. */
    public List<Integer> sizes() {
        return runs().stream().map(Seen::size).toList();
    }

    /** What the runs saw directly at first. */
    List<Integer> visible() {
        return runs().stream().map(Seen::visible).toList();
    }

    /** The only run so far. */
    Seen onlyRun() {
        assertThat(runs()).hasSize(1);
        return runs().getFirst();
    }
}
