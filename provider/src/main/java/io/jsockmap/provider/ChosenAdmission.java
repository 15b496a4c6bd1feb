package io.jsockmap.provider;

import io.jsockmap.sockmap.Admission;

import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * The admission of the provider that the system property names. It is looked for when the first
 * channel needs it, since the provider itself is made wherever the JVM first opens a channel.
 */
final class ChosenAdmission {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.provider");

    private static Supplier<Admission> source = ChosenAdmission::ofServices;
    private static volatile Admission chosen;

    private ChosenAdmission() {}

    static synchronized void use(Supplier<Admission> source) {
        if (chosen != null) {
            throw new IllegalStateException(
                    "channels have been opened already: say before that who is admitted");
        }
        ChosenAdmission.source = Objects.requireNonNull(source);
    }

    static Admission get() {
        return chosen == null ? choose() : chosen;
    }

    private static synchronized Admission choose() {
        if (chosen == null) chosen = Objects.requireNonNull(source.get());
        return chosen;
    }

    private static Admission ofServices() {
        for (var service : ServiceLoader.load(AdmissionSource.class)) {
            var admission = service.admission();
            if (admission.isPresent()) return admission.get();
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "no socket comes under the engine: neither SockmapSelectorProvider.use nor an"
                        + " AdmissionSource says which");
        return Admission.NOBODY;
    }
}
