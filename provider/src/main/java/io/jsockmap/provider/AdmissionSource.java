package io.jsockmap.provider;

import io.jsockmap.sockmap.Admission;

import java.util.Optional;

/**
 * Where a {@link SockmapSelectorProvider} that was chosen by the system property gets its admission
 * from: a service, found by {@link java.util.ServiceLoader} when the first channel needs it.
 *
 * {@snippet class="io.jsockmap.provider.examples.ProviderExamples" region="source"}
 */
public interface AdmissionSource {

    /**
     * Who decides which sockets come under the engine; empty if nothing was said to this source.
     */
    Optional<Admission> admission();
}
