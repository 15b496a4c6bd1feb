package io.jsockmap.bench.path;

import java.util.Map;

/** The figures of one peer under one load, in one round. */
record Sample(int round, Map<Figure, Double> figures) {}
