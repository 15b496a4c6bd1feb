package io.jsockmap.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.jsockmap.bpf.BpfException;

import java.io.IOException;

/**
 * Somebody who answers commands about an inventory: another process, or this one.
 *
 * {@snippet class="io.jsockmap.control.examples.ControlExamples" region="ask"}
 */
public interface Control extends AutoCloseable {
    /**
     * Asks, and waits for the answer.
     *
     * @param request the command with its arguments
     * @return the result; JSON's null where there is nothing to tell
     * @throws BpfException what the other side refuses, with its errno; ETIMEDOUT if it is silent
     * @throws IOException if the other side is gone
     */
    JsonElement ask(JsonObject request) throws IOException;

    @Override
    void close() throws IOException;
}
