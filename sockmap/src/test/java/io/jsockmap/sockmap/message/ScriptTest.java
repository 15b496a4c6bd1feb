package io.jsockmap.sockmap.message;

import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;

/** A socket whose sends are judged by a script, and a target under key 0. */
abstract class ScriptTest extends NetworkTest {
    protected Script script;
    protected Connection source;
    protected Connection target;

    /** Whether the first byte of a message is all that can be read without a pull. */
    protected final boolean hostile;

    protected ScriptTest(Limits limits, Delivery delivery) {
        super(limits, delivery);
        hostile = delivery == Delivery.HOSTILE;
    }

    /** With room for all that a test sends, so that nothing waits. */
    protected ScriptTest(Delivery delivery) {
        this(new Limits(1 << 24, 1 << 24), delivery);
    }

    @BeforeEach
    void load() {
        script = new Script(network);
        source = network.connected();
        target = network.accepted();
        script.judges(source);
        script.aims(0, target);
    }
}
