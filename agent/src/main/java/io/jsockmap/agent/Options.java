package io.jsockmap.agent;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What stands behind {@code -javaagent:jsockmap-agent.jar=}.
 *
 * @param policy the policy's file
 * @param watch whether it is put into force anew when it is written
 * @param jmx whether it is shown by JMX
 */
record Options(Path policy, boolean watch, boolean jmx) {
    private static final String USAGE =
            "expected -javaagent:jsockmap-agent.jar=POLICY.yaml, and behind it ,watch or ,jmx or"
                    + " both";

    /**
     * @throws BpfException EINVAL if nothing is there, or something else
     */
    static Options parse(String text) {
        List<String> words = text == null ? List.of("") : Arrays.asList(text.split(",", -1));
        var rest = words.subList(1, words.size());
        boolean known = Set.of("watch", "jmx").containsAll(rest);
        if (words.getFirst().isEmpty() || !known) throw new BpfException(Errno.EINVAL, USAGE);
        return new Options(Path.of(words.getFirst()), rest.contains("watch"), rest.contains("jmx"));
    }
}
