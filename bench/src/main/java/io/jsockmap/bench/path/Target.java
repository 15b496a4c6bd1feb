package io.jsockmap.bench.path;

/**
 * What one of ours should reach.
 *
 * @param ours our figure and whose it is, printed
 * @param limit what it is held against, printed
 */
record Target(Load load, String ours, String limit, boolean isMet) {
    @Override
    public String toString() {
        return "%s, %s, %s".formatted(load.label(), ours, limit);
    }
}
