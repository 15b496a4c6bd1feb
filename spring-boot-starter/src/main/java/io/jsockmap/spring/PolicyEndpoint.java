package io.jsockmap.spring;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.Version;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The policy to those who operate the application: its versions, and a way back to the one before.
 *
 * <p>{@code GET /actuator/sockmappolicy}, {@code POST /actuator/sockmappolicy/rollback}.
 */
@Endpoint(id = "sockmappolicy")
final class PolicyEndpoint {
    private static final int CONFLICT = 409;

    private final LivePolicy policy;
    private final Supplier<Optional<String>> problem;

    /**
     * @param problem why what is written now is not in force
     */
    PolicyEndpoint(LivePolicy policy, Supplier<Optional<String>> problem) {
        this.policy = policy;
        this.problem = problem;
    }

    /**
     * What is in force, and was.
     *
     * @param problem why what is written now is not in force; empty if it is
     * @param versions the present one last
     */
    record State(String policy, int sockets, String problem, List<Entry> versions) {}

    /**
     * A version.
     *
     * @param since when it came into force
     */
    record Entry(int number, Instant since, String object) {
        private static Entry of(Version version) {
            return new Entry(version.number(), version.since(), version.object().name());
        }
    }

    /** Why something was not done. */
    record Refusal(String problem) {}

    /** What may be done, by its word in the path. */
    enum Change {
        ROLLBACK
    }

    @ReadOperation
    State state() {
        return new State(
                policy.version().file().name(),
                policy.sockets(),
                problem.get().orElse(""),
                policy.versions().stream().map(Entry::of).toList());
    }

    /** With the state as it is then, or why the present version stays. */
    @WriteOperation
    WebEndpointResponse<?> change(@Selector Change change) {
        try {
            switch (change) {
                case ROLLBACK -> policy.rollBack();
            }
            return new WebEndpointResponse<>(state());
        } catch (BpfException e) {
            return new WebEndpointResponse<>(new Refusal(e.getMessage()), CONFLICT);
        }
    }
}
