package io.jsockmap.conformance.send;

import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.MsgScript;
import io.jsockmap.conformance.lab.MsgScript.Step;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@EngineTest
class ApplyTest {
    @Test
    @DisplayName("A verdict that asks for nothing is given on each send")
    void eachSend(Lab lab) throws Exception {
        var script = MsgScript.load(lab).then();
        var sender = lab.tcp();
        script.sender(0, sender.socket());

        sender.sends("one");
        sender.sends("second");

        sender.farReceives("onesecond");
        script.ranOn(3, 6);
    }

    @Test
    @DisplayName("apply 4, send of 10: runs on 10, 6 and 2")
    void fewerThanTheMessage(Lab lab) throws Exception {
        var script = MsgScript.load(lab).then(Step.apply(4));
        var sender = lab.tcp();
        script.sender(0, sender.socket());

        sender.sends("0123456789");

        sender.farReceives("0123456789");
        script.ranOn(10, 6, 2);
    }

    @Test
    @DisplayName("F5: a drop with apply 4 drops four bytes; the rest is judged again")
    @KernelFault(value = "F5", instead = "the rest is reported as sent, and freed")
    void aDropOfApplied(Lab lab) throws Exception {
        var script = MsgScript.load(lab).then(Step.apply(4), Step.drop()).then();
        var sender = lab.tcp();
        script.sender(0, sender.socket());

        sender.sends("dropABC");

        sender.farReceives("ABC");
    }
}
