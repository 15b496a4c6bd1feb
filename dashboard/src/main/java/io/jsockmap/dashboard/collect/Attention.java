package io.jsockmap.dashboard.collect;

import java.util.concurrent.TimeUnit;

/** Whether somebody looks, or did a moment ago. */
final class Attention {
    /** A page that polls once a second may be late now and then. */
    private static final long LASTS = TimeUnit.SECONDS.toNanos(5);

    private volatile boolean paid;
    private volatile long until;

    boolean isPaid() {
        return paid;
    }

    void pay(long now) {
        until = now + LASTS;
        paid = true;
    }

    void tick(long now) {
        if (paid && until - now < 0) paid = false;
    }
}
