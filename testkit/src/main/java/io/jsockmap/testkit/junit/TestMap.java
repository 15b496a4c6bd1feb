package io.jsockmap.testkit.junit;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.testkit.scenario.Script;

/**
 * A map of a test, whose keys and values are texts in the notation that {@link
 * io.jsockmap.sockmap.key.KeyNotation} has: <code>{port=80}</code>, {@code client.cookie}.
 *
 * {@snippet class="io.jsockmap.testkit.examples.PolicyExamples" region="policy"}
 */
public final class TestMap {
    private final Script script;
    private final String name;

    TestMap(Script script, String name) {
        this.script = script;
        this.name = name;
    }

    /** The map as the engine has it. */
    public BpfMap map() {
        return script.stage().object().map(name);
    }

    /** Sets an element. */
    public TestMap set(String key, String value) {
        script.set("%s[%s]=%s".formatted(name, key, value));
        return this;
    }

    /** Takes an element out. */
    public TestMap delete(String key) {
        script.delete("%s[%s]".formatted(name, key));
        return this;
    }

    /** Expects a value; of a map of sockets, a socket's name. */
    public TestMap has(String key, String value) {
        script.expectValue("%s[%s]".formatted(name, key), value);
        return this;
    }

    /** Expects that nothing is there. */
    public TestMap hasNot(String key) {
        script.expectNothing("%s[%s]".formatted(name, key));
        return this;
    }

    /** Expects the next record, of a ring buffer, perf event array or queue. */
    public TestMap hasRecord(byte[] bytes) {
        script.expectEvent(name, bytes);
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
