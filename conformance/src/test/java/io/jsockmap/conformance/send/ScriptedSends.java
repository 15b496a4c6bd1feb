package io.jsockmap.conformance.send;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.MsgScript;
import io.jsockmap.conformance.lab.MsgScript.Step;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;

import org.junit.jupiter.api.BeforeEach;

/**
 * A socket whose sends a script judges, and one at index 0 to redirect to, which has no program.
 */
abstract class ScriptedSends {
    static final String TEXT = "0123456789";

    MsgScript script;
    Stream sender;
    Stream target;

    @BeforeEach
    void open(Lab lab) throws Exception {
        script = MsgScript.load(lab);
        sender = lab.tcp();
        target = lab.connectedTcp();
        script.sender(0, sender.socket()).target(0, target.socket());
    }

    /** What the runs do, one after the other. */
    void runs(Step... steps) {
        script.then(steps);
    }

    void sends(int times) throws Exception {
        for (int i = 0; i < times; i++) sender.sends(TEXT);
    }

    /** Sends much while the far end reads, so that nobody waits for room. */
    void sendsAll(String text) throws Exception {
        var sending =
                Waiting.start(
                        () -> {
                            sender.sends(text);
                            return text;
                        });
        sender.farReceives(text);
        Waiting.result(sending);
    }

    void leavesItsMap() {
        script.object().sockMap("targets").delete(0);
    }

    void isInsertedAgain() {
        script.object().sockMap("targets").update(0, target.socket(), UpdateFlag.NOEXIST);
    }

    /** So many characters, no two neighbours alike. */
    static String pattern(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) text.append((char) ('a' + i % 23));
        return text.toString();
    }
}
