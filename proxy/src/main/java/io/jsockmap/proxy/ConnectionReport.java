package io.jsockmap.proxy;

import io.jsockmap.sockmap.socket.Account;

import java.util.Map;

/**
 * A connection of the proxy and what became of its bytes.
 *
 * {@snippet class="io.jsockmap.proxy.examples.ProxyExamples" region="proxy"}
 *
 * @param slot its number; numbers are given out again
 * @param problem why it did not end in order, or empty
 * @param accounts the accounts of its sockets, by name
 */
public record ConnectionReport(int slot, String problem, Map<String, Account> accounts) {}
