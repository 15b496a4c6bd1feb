package io.jsockmap.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why the application does not start, instead of a stack trace. */
final class PolicyFailureAnalyzer extends AbstractFailureAnalyzer<PolicyNotInForceException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, PolicyNotInForceException failure) {
        return new FailureAnalysis(failure.getMessage(), failure.action(), failure);
    }
}
