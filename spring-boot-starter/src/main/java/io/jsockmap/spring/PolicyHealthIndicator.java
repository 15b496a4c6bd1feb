package io.jsockmap.spring;

import io.jsockmap.policy.LivePolicy;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is in force, and whether it is what is written.
 *
 * <p>A new version that is refused makes the status OUT_OF_DATE and not DOWN: the one before it
 * judges as it did, and taking the instance out of service, or starting it again, would make it
 * worse. Spring Boot knows no order for this status and leaves it out of the status of the whole.
 */
final class PolicyHealthIndicator implements HealthIndicator {
    static final Status OUT_OF_DATE =
            new Status(
                    "OUT_OF_DATE",
                    "what is written now is refused; the version before is in force");

    private final LivePolicy policy;
    private final Supplier<Optional<String>> problem;

    /**
     * @param problem why what is written now is not in force
     */
    PolicyHealthIndicator(LivePolicy policy, Supplier<Optional<String>> problem) {
        this.policy = policy;
        this.problem = problem;
    }

    @Override
    public Health health() {
        var version = policy.version();
        var health =
                Health.up()
                        .withDetail("policy", version.file().name())
                        .withDetail("version", version.number())
                        .withDetail("since", version.since())
                        .withDetail("sockets", policy.sockets());
        problem.get().ifPresent(why -> health.status(OUT_OF_DATE).withDetail("problem", why));
        return health.build();
    }
}
