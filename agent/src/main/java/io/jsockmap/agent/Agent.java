package io.jsockmap.agent;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.policy.PolicyWatcher;
import io.jsockmap.provider.JavaSockets;
import io.jsockmap.provider.SockmapSelectorProvider;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the sockets of a whole JVM under a policy: {@code java
 * -javaagent:jsockmap-agent.jar=POLICY.yaml -jar anything.jar}. It uses what the platform has for
 * that, and changes no class: the system property for channels ({@link SelectorProvider}), and the
 * factories of {@link java.net.Socket} and {@link java.net.ServerSocket}.
 *
 * <p>If the policy can't be put into force the JVM does not start: what it shall judge would go
 * unseen.
 *
 * {@snippet class="io.jsockmap.agent.examples.AgentExamples" region="house"}
 */
public final class Agent {
    private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";

    private Agent() {}

    /** What the JVM calls before the program's {@code main}. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        try {
            start(Options.parse(arguments), instrumentation);
        } catch (BpfException | IOException | IllegalStateException e) {
            say(e.getMessage());
            System.exit(1);
        }
    }

    private static void start(Options options, Instrumentation instrumentation) throws IOException {
        openPlatform(instrumentation);
        var policy = open(options);
        SockmapSelectorProvider.use(() -> policy);
        JavaSockets.install(provider());
        say(policy + " judges what this JVM's sockets carry");
        Unreached.tell(instrumentation, Agent::say);
    }

    /** As {@code --add-exports java.base/sun.nio.ch} does, for the code of this agent alone. */
    private static void openPlatform(Instrumentation instrumentation) {
        var own = Agent.class.getModule();
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of("sun.nio.ch", Set.of(own)),
                Map.of(),
                Set.of(),
                Map.of());
    }

    private static LivePolicy open(Options options) throws IOException {
        if (!options.jmx()) {
            var policy = LivePolicy.open(options.policy());
            var _ = watch(options, policy);
            return policy;
        }
        var counts = new Counts();
        var policy = LivePolicy.open(PolicyFile.read(options.policy()), counts);
        new PolicyControl(policy, counts, watch(options, policy)).register();
        return policy;
    }

    /** The watcher goes with the JVM. */
    private static Optional<PolicyWatcher> watch(Options options, LivePolicy policy)
            throws IOException {
        return options.watch() ? Optional.of(PolicyWatcher.start(policy)) : Optional.empty();
    }

    private static SockmapSelectorProvider provider() {
        System.setProperty(PROPERTY, SockmapSelectorProvider.class.getName());
        if (SelectorProvider.provider() instanceof SockmapSelectorProvider ours) return ours;
        throw new IllegalStateException(
                "%s opens this JVM's channels already: name this agent before others that open any"
                        .formatted(SelectorProvider.provider()));
    }

    private static void say(String line) {
        System.err.println("jsockmap-agent: " + line);
    }
}
