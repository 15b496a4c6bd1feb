/** What the verifier knows of numbers: known bits and ranges, and how instructions change them. */
package io.jsockmap.bpf.verifier.domain;
