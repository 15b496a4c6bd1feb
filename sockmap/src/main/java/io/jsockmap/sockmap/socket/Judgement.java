package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.program.Program;

import java.util.Optional;

/**
 * A verdict that was given.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.ListenerExamples" region="count"}
 *
 * @param socket whose bytes were judged
 * @param received whether they were received, or else sent
 * @param program who judged
 * @param verdict the verdict
 * @param redirect where the bytes go, for REDIRECT
 * @param message the message; valid only during the call
 * @param line the C line that decided, as far as the object file tells
 */
public record Judgement(
        Sock socket,
        boolean received,
        Program program,
        Verdict verdict,
        Optional<Redirect> redirect,
        Message message,
        Optional<SourceLine> line) {}
