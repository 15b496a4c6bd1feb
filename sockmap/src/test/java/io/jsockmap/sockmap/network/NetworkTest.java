package io.jsockmap.sockmap.network;

import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.AfterEach;

/** A test with a {@link Network} of its own, whose accounts must balance at its end. */
public abstract class NetworkTest {
    protected final Network network;

    protected NetworkTest() {
        this(Limits.DEFAULT);
    }

    protected NetworkTest(Limits limits) {
        this(limits, Delivery.HOSTILE);
    }

    protected NetworkTest(Limits limits, Delivery delivery) {
        network = new Network(limits, delivery);
    }

    @AfterEach
    void bytesAreConserved() {
        network.close();
    }
}
