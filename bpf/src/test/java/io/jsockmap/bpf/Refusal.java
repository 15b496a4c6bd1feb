package io.jsockmap.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** What tests say of calls that the kernel would answer with an errno. */
public final class Refusal {
    private Refusal() {}

    /** The call is refused with that errno, in one line; gives the exception for more. */
    public static BpfException of(Errno errno, Executable call) {
        var refusal = assertThrows(BpfException.class, call);
        assertThat(refusal.errno()).as(refusal.getMessage()).isEqualTo(errno);
        assertThat(refusal).hasMessageNotContaining("\n");
        return refusal;
    }
}
