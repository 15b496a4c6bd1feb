package io.jsockmap.conformance.redirect;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways that a redirect can take, beside the one from one socket to another. */
@EngineTest
class RouteTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S30: what a socket sends to its own ingress, its application reads")
    void sentToItself(boolean hash, Lab lab) throws Exception {
        var connection = lab.tcp();
        Redirection.ofSent(hash, Redirection.TO_INGRESS, lab).toItself(connection.socket());

        connection.sends("to myself");

        connection.receives("to myself");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S29: what a socket sends to its own egress goes to its peer")
    void sentToItsPeer(boolean hash, Lab lab) throws Exception {
        var connection = lab.tcp();
        Redirection.ofSent(hash, Redirection.TO_EGRESS, lab).toItself(connection.socket());

        connection.sends("to my peer");

        connection.farReceives("to my peer");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("K28: what a socket receives and redirects to its own ingress, it reads")
    void receivedToItself(boolean hash, Lab lab) throws Exception {
        var connection = lab.tcp();
        Redirection.ofReceived(hash, Redirection.TO_INGRESS, lab).toItself(connection.socket());

        connection.farSends("round about");

        connection.receives("round about");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("K28: what a socket receives and redirects to its own egress goes back")
    void receivedAndSentBack(boolean hash, Lab lab) throws Exception {
        var connection = lab.tcp();
        Redirection.ofReceived(hash, Redirection.TO_EGRESS, lab).toItself(connection.socket());

        connection.farSends("echo");

        connection.farReceives("echo");
    }

    @Test
    @DisplayName("S29: the sk_msg program of a target does not run on what another one sends to it")
    void programOfTheTarget(Lab lab) throws Exception {
        var source = lab.tcp();
        var target = lab.tcp();
        var dropping = lab.sockMap(1);
        dropping.attach(lab.load("map-programs").program("drop_sent"), AttachType.SK_MSG_VERDICT);
        dropping.update(0, target.socket(), UpdateFlag.ANY);
        Redirection.ofSent(false, Redirection.TO_EGRESS, lab)
                .to(target.socket())
                .from(source.socket());

        source.sends("past the program");

        target.farReceives("past the program");
    }

    @Test
    @DisplayName("S30: the verdict of a target does not run on what is redirected to its ingress")
    void verdictOfTheTarget(Lab lab) throws Exception {
        var source = lab.tcp();
        var target = lab.tcp();
        var shouting = lab.sockMap(1);
        shouting.attach(lab.load("rewrite").program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        shouting.update(0, target.socket(), UpdateFlag.ANY);
        Redirection.ofSent(false, Redirection.TO_INGRESS, lab)
                .to(target.socket())
                .from(source.socket());

        source.sends("quiet");

        target.receives("quiet");
    }

    @Test
    @DisplayName("S11: a target that is replaced gives way to its successor")
    void replacedTarget(Lab lab) throws Exception {
        var source = lab.tcp();
        var first = lab.tcp();
        var second = lab.tcp();
        var redirection = Redirection.ofSent(false, Redirection.TO_EGRESS, lab).to(first.socket());
        redirection.to(second.socket()).from(source.socket());

        source.sends("to the second");

        second.farReceives("to the second");
        first.sends("next");
        first.farReceives("next");
    }

    @Test
    @DisplayName("K20: what several sources redirect to one target arrives whole")
    void severalSources(Lab lab) throws Exception {
        var target = lab.tcp();
        var one = lab.tcp();
        var other = lab.tcp();
        var redirection =
                Redirection.ofReceived(false, Redirection.TO_EGRESS, lab)
                        .to(target.socket())
                        .from(one.socket());
        redirection.map().update(IndexKey.of(2), other.socket(), UpdateFlag.ANY);

        one.farSends("one ");
        target.farReceives("one ");
        other.farSends("other");
        target.farReceives("other");
    }

    @Test
    @DisplayName("K31: the end of a source's stream is not the end of its target's")
    void endOfTheSource(Lab lab) throws Exception {
        var object = lab.example("splice");
        var peers = object.sockHash("peers");
        peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        var source = lab.tcp();
        var target = lab.tcp();
        lab.splice(peers, source, target);

        source.farSends("last words");
        source.farShutsDown();
        target.farReceives("last words");

        target.sends("and more");
        target.farReceives("and more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A to the map in the array", "H to the map in the hash"})
    @DisplayName("M8: a target that is found in a map of maps")
    void nestedMaps(String text, Lab lab) throws Exception {
        var object = lab.load("map-nested");
        var zero = IndexKey.of(0);
        var target = lab.tcp();
        object.sockMap("by_index").update(zero, target.socket(), UpdateFlag.ANY);
        object.sockHash("by_key").update(zero, target.socket(), UpdateFlag.ANY);
        var sources = lab.sockMap(1);
        sources.attach(object.program("route"), AttachType.SK_SKB_STREAM_VERDICT);
        var source = lab.tcp();
        sources.update(0, source.socket(), UpdateFlag.ANY);

        source.farSends(text);

        target.farReceives(text);
    }
}
