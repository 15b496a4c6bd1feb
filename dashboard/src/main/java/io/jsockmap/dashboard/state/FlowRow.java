package io.jsockmap.dashboard.state;

import io.jsockmap.sockmap.socket.Account;

/** The account of one direction, in bytes: in + edited = passed + redirected + dropped + held. */
public record FlowRow(
        long in,
        long edited,
        long passed,
        long redirected,
        long dropped,
        long held,
        boolean balances) {

    /** The same as the engine keeps it. */
    public static FlowRow of(Account.Flow flow) {
        return new FlowRow(
                flow.in(),
                flow.edited(),
                flow.passed(),
                flow.redirected(),
                flow.dropped(),
                flow.held(),
                flow.balances());
    }
}
