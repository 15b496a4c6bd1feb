package io.jsockmap.bpf.program;

import io.jsockmap.bpf.btf.SourceLine;

import java.util.Optional;

/**
 * How a run ended.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="run"}
 *
 * @param value R0
 * @param instructions how many were executed; 0 where the machine does not count them
 * @param decided the C line that last set R0, as far as the object file tells
 */
public record RunResult(long value, long instructions, Optional<SourceLine> decided) {}
