package io.jsockmap.agent;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.policy.PolicyWatcher;
import io.jsockmap.policy.Version;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import javax.management.JMException;
import javax.management.ObjectName;

/** What JMX shows of a policy, and does with it. */
final class PolicyControl implements PolicyMXBean {
    static final String NAME = "io.jsockmap:type=Policy";

    private final LivePolicy policy;
    private final Counts counts;
    private final Optional<PolicyWatcher> watcher;

    PolicyControl(LivePolicy policy, Counts counts, Optional<PolicyWatcher> watcher) {
        this.policy = policy;
        this.counts = counts;
        this.watcher = watcher;
    }

    /** Shows it in this JVM. */
    void register() {
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(this, new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException("%s can't be shown by JMX: %s".formatted(NAME, e), e);
        }
    }

    @Override
    public String getName() {
        return policy.version().file().name();
    }

    @Override
    public int getVersion() {
        return policy.version().number();
    }

    @Override
    public List<String> getVersions() {
        return policy.versions().stream().map(v -> "%s since %s".formatted(v, v.since())).toList();
    }

    @Override
    public int getSockets() {
        return policy.sockets();
    }

    @Override
    public long getMessages() {
        return counts.messages.sum();
    }

    @Override
    public long getDropped() {
        return counts.dropped.sum();
    }

    @Override
    public long getFaults() {
        return counts.faults.sum();
    }

    @Override
    public long getLostBytes() {
        return counts.lostBytes.sum();
    }

    @Override
    public String getProblem() {
        return watcher.flatMap(PolicyWatcher::problem).orElse("");
    }

    @Override
    public int rollBack() {
        return number(policy::rollBack);
    }

    @Override
    public int reload() {
        return number(() -> policy.replace(PolicyFile.read(policy.version().file().file())));
    }

    /** Whoever asks from another process has none of our classes. */
    private static int number(Supplier<Version> change) {
        try {
            return change.get().number();
        } catch (BpfException e) {
            throw new IllegalStateException(e.getMessage());
        }
    }
}
