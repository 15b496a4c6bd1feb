/** The verifier's log, in the format of Linux: states as text, and lines by the level asked for. */
package io.jsockmap.bpf.verifier.log;
