/**
 * Refusals in plain words: the reason, the place, how it came to be, and what would make it legal.
 */
package io.jsockmap.bpf.verifier.explain;
