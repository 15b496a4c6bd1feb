package io.jsockmap.dashboard.collect;

import io.jsockmap.sockmap.socket.Verdict;

/** Words for verdicts, the same on the page, in JSON and as labels of metrics. */
final class Words {
    private Words() {}

    static String verdict(Verdict verdict) {
        return switch (verdict) {
            case PASS -> "pass";
            case DROP -> "drop";
            case REDIRECT -> "redirect";
        };
    }

    static String direction(boolean received) {
        return received ? "received" : "sent";
    }
}
