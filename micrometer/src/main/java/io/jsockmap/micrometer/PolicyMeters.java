package io.jsockmap.micrometer;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.sockmap.socket.ForwardingListener;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts what a policy does: hand it to {@link LivePolicy#open} as the listener, and the policy to
 * {@link #bind}. All meters have the tag {@code policy}; other tags are the names of programs, and
 * words there are few of, so that their number does not grow with the traffic.
 *
 * <ul>
 *   <li>{@code jsockmap.messages}, by {@code program}, {@code direction} (received, sent) and
 *       {@code verdict} (pass, drop, redirect)
 *   <li>{@code jsockmap.bytes}, of those messages, as they were judged; by the same
 *   <li>{@code jsockmap.faults}, by {@code program}: what no program may do
 *   <li>{@code jsockmap.lost}: bytes that were thrown away without a verdict that says so
 *   <li>{@code jsockmap.refusals}: sockets that a program could not insert into a map
 *   <li>{@code jsockmap.pauses}: how often a message waited for its target
 *   <li>{@code jsockmap.sockets}: how many are under the policy now
 *   <li>{@code jsockmap.version}, {@code jsockmap.version.age}: what is in force, and how long
 * </ul>
 *
 * {@snippet class="io.jsockmap.micrometer.examples.MeterExamples" region="meters"}
 */
public final class PolicyMeters extends ForwardingListener {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter lost;
    private final Counter refusals;
    private final Counter pauses;

    /** By the name, as that stays when a version follows another. */
    private final Map<String, Counter> faults = new ConcurrentHashMap<>();

    private final Map<Outcome, Counted> outcomes = new ConcurrentHashMap<>();

    private record Outcome(String program, boolean received, Verdict verdict) {}

    private record Counted(Counter messages, Counter bytes) {}

    /**
     * @param policy its name, for the tag
     */
    public PolicyMeters(MeterRegistry registry, String policy) {
        this(registry, policy, SockListener.NONE);
    }

    /**
     * @param next who hears the same
     */
    public PolicyMeters(MeterRegistry registry, String policy, SockListener next) {
        super(next);
        this.registry = registry;
        tags = Tags.of("policy", policy);
        lost = counter("jsockmap.lost", "bytes", "Bytes that were lost without a verdict", tags);
        refusals = counter("jsockmap.refusals", "sockets", "Sockets that no map took", tags);
        pauses = counter("jsockmap.pauses", "messages", "Messages that waited for a target", tags);
    }

    private Counter counter(String name, String unit, String description, Tags all) {
        return Counter.builder(name)
                .baseUnit(unit)
                .description(description)
                .tags(all)
                .register(registry);
    }

    /** Shows the policy's sockets and version, as long as the registry has the meters. */
    public void bind(LivePolicy policy) {
        Gauge.builder("jsockmap.sockets", policy, LivePolicy::sockets)
                .description("Sockets under the policy")
                .tags(tags)
                .register(registry);
        Gauge.builder("jsockmap.version", policy, p -> p.version().number())
                .description("The version in force")
                .tags(tags)
                .register(registry);
        TimeGauge.builder("jsockmap.version.age", policy, TimeUnit.MILLISECONDS, PolicyMeters::age)
                .description("How long it has been in force")
                .tags(tags)
                .register(registry);
    }

    private static double age(LivePolicy policy) {
        return System.currentTimeMillis() - policy.version().since().toEpochMilli();
    }

    @Override
    public void judged(Judgement judgement) {
        var program = judgement.program().name();
        var outcome = new Outcome(program, judgement.received(), judgement.verdict());
        var counted = outcomes.computeIfAbsent(outcome, this::counted);
        counted.messages.increment();
        counted.bytes.increment(judgement.message().length());
        super.judged(judgement);
    }

    private Counted counted(Outcome outcome) {
        var all =
                tags.and(
                        "program",
                        outcome.program,
                        "direction",
                        outcome.received ? "received" : "sent",
                        "verdict",
                        outcome.verdict.name().toLowerCase(Locale.ROOT));
        return new Counted(
                counter("jsockmap.messages", "messages", "Messages that were judged", all),
                counter("jsockmap.bytes", "bytes", "Bytes of the messages that were judged", all));
    }

    @Override
    public void faulted(Sock socket, ProgramFault fault) {
        faults.computeIfAbsent(fault.program(), this::faults).increment();
        super.faulted(socket, fault);
    }

    private Counter faults(String program) {
        return counter(
                "jsockmap.faults", "runs", "Runs that faulted", tags.and("program", program));
    }

    @Override
    public void lost(Sock socket, long bytes, String reason) {
        lost.increment((double) bytes);
        super.lost(socket, bytes, reason);
    }

    @Override
    public void refused(Sock socket, BpfException refusal) {
        refusals.increment();
        super.refused(socket, refusal);
    }

    @Override
    public void paused(Sock socket, Optional<Sock> target) {
        pauses.increment();
        super.paused(socket, target);
    }
}
