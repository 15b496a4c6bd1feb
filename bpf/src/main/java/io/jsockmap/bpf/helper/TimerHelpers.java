package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.CallTrait.CALLS_BACK_LATER;
import static io.jsockmap.bpf.program.CallTrait.GPL_ONLY;
import static io.jsockmap.bpf.program.Helper.Argument.FUNCTION;
import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.TIMER;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Memory.Place;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;

import java.util.List;
import java.util.Optional;

/**
 * Timers in values of maps. A timer hangs on the bytes of its {@code struct bpf_timer}: when the
 * element is deleted or replaced, or the map is gone, it never goes off.
 */
final class TimerHelpers {
    static final List<Helper> ALL =
            List.of(
                    Helper.of(169, TimerHelpers::init, Result.NUMBER, TIMER, MAP, NUMBER)
                            .with(GPL_ONLY),
                    Helper.of(170, TimerHelpers::setCallback, Result.NUMBER, TIMER, FUNCTION)
                            .with(GPL_ONLY, CALLS_BACK_LATER),
                    Helper.of(171, TimerHelpers::start, Result.NUMBER, TIMER, NUMBER, NUMBER)
                            .with(GPL_ONLY),
                    Helper.of(172, TimerHelpers::cancel, Result.NUMBER, TIMER).with(GPL_ONLY));

    /** Bytes of a {@code struct bpf_timer}. */
    private static final int SIZE = 16;

    private static final int ALIGNMENT = 8;

    /** BPF_F_TIMER_ABS: the time is not from now, but by the timer's clock. */
    private static final long ABSOLUTE = 1;

    /** BPF_F_TIMER_CPU_PIN: nothing is bound to a CPU here for longer than a run. */
    private static final long PINNED = 1 << 1;

    private TimerHelpers() {}

    private static long init(Run run, long[] a) {
        var place = place(run, a[0]);
        var map = run.map(a[1]);
        var element = place.region().element().filter(e -> e.map().equals(map));
        if (element.isEmpty()) {
            throw fault(place, "is not in a value of the map in R2, a hash or an array");
        }
        if (place.offset() % ALIGNMENT != 0) throw fault(place, "is not aligned to 8 bytes");
        var clock = Timer.Clock.of(a[2]);
        if (clock.isEmpty()) return Errno.EINVAL.negative();
        var timer = new Timer(map, place.region(), element.get().key(), clock.get());
        // One for each value: the kernel refuses the map of a value that has two.
        boolean added = place.region().attach(place.offset(), timer);
        return added ? 0 : Errno.EBUSY.negative();
    }

    private static MemoryFault fault(Place place, String problem) {
        return place.region().fault(place.offset(), SIZE, problem);
    }

    private static long setCallback(Run run, long[] a) {
        var callback = run.callback(a[1]);
        return timer(run, a[0]).map(t -> t.setCallback(callback)).orElse(Errno.EINVAL.negative());
    }

    private static long start(Run run, long[] a) {
        var timer = timer(run, a[0]);
        if (timer.isEmpty() || (a[2] & ~(ABSOLUTE | PINNED)) != 0) return Errno.EINVAL.negative();
        return timer.get().start(run.environment(), a[1], (a[2] & ABSOLUTE) != 0);
    }

    private static long cancel(Run run, long[] a) {
        return timer(run, a[0]).map(Timer::cancel).orElse(Errno.EINVAL.negative());
    }

    /** The timer that was made there, if one was. */
    private static Optional<Timer> timer(Run run, long address) {
        var place = place(run, address);
        return place.region().attached(place.offset()).map(Timer.class::cast);
    }

    private static Place place(Run run, long address) {
        return run.memory().place(address, SIZE);
    }
}
