package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Lock;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.step.Walk;

/** Spin locks and timers: parts of a map's value that calls alone may touch. */
final class Locks {
    private final Walk walk;

    Locks(Walk walk) {
        this.walk = walk;
    }

    /** Takes the lock that a register points to. */
    void lock(int register) {
        var pointer = special(register, SpecialField.Kind.SPIN_LOCK);
        if (walk.state().lock().isPresent()) {
            throw refused("Locking two bpf_spin_locks are not allowed");
        }
        walk.state().setLock(new Lock(pointer.map(), pointer.id()));
    }

    /** Gives it back. */
    @SuppressWarnings("ReferenceEquality") // a map is equal to itself only
    void unlock(int register) {
        var pointer = special(register, SpecialField.Kind.SPIN_LOCK);
        var lock = walk.state().lock();
        if (lock.isEmpty()) throw refused("bpf_spin_unlock without taking a lock");
        boolean same = lock.get().owner() == pointer.map() && lock.get().id() == pointer.id();
        if (!same) throw refused("bpf_spin_unlock of different lock");
        walk.state().setLock(null);
    }

    /** The timer that a register points to; its map is what the call is about. */
    void timer(CallFacts facts, int register) {
        var pointer = special(register, SpecialField.Kind.TIMER);
        facts.map = pointer.map();
        facts.mapId = pointer.mapId();
    }

    private Refused refused(String message) {
        return walk.refused(Rule.LOCK, Errno.EINVAL, "%s", message);
    }

    /** A pointer to exactly such a part. */
    private Pointer special(int register, SpecialField.Kind kind) {
        var pointer = (Pointer) walk.state().register(register);
        var name = kind.structure();
        if (!pointer.isFixed()) {
            throw unfit(
                    register,
                    "R%d doesn't have constant offset. %s has to be at the constant offset",
                    register,
                    name);
        }
        var map = pointer.map();
        var field = map.definition().special().stream().filter(f -> f.kind() == kind).findFirst();
        if (field.isEmpty() && map.definition().valueType() == 0) {
            throw unfit(register, "map '%s' has to have BTF in order to use %s", map.name(), name);
        }
        if (field.isEmpty()) {
            throw unfit(register, "map '%s' has no valid %s", map.name(), name);
        }
        long offset = pointer.variable().constant() + pointer.offset();
        if (offset == field.get().offset()) return pointer;
        throw unfit(
                register,
                "off %d doesn't point to 'struct %s' that is at %d",
                offset,
                name,
                field.get().offset());
    }

    private Refused unfit(int register, String format, Object... values) {
        return walk.refused(Rule.SPECIAL_FIELD, Errno.EINVAL, register, format, values);
    }
}
