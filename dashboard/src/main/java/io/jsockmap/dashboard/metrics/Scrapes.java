package io.jsockmap.dashboard.metrics;

import java.util.HashMap;
import java.util.Map;

/**
 * What scrapes are answered with: each text is written once for the same figures, however many ask
 * for it.
 */
public final class Scrapes {
    private final Map<Boolean, Metrics.Exposition> written = new HashMap<>();
    private Metrics.Source source;

    /**
     * The answer to a scrape.
     *
     * @param accept the request's header, as {@link Metrics#write}
     */
    public synchronized Metrics.Exposition of(Metrics.Source now, String accept) {
        if (!now.equals(source)) written.clear();
        source = now;
        return written.computeIfAbsent(Metrics.isOpen(accept), _ -> Metrics.write(now, accept));
    }
}
