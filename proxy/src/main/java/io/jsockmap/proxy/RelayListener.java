package io.jsockmap.proxy;

import io.jsockmap.sockmap.socket.Account;

import java.util.Map;

/** Hears of a relay's end. */
interface RelayListener {

    /**
     * All sockets of the relay are closed.
     *
     * @param problem what went wrong, empty if nothing did
     * @param accounts what became of the bytes, by socket
     */
    void ended(Relay relay, String problem, Map<String, Account> accounts);
}
