package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reference;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.stream.Collectors;

/** What a program takes and must give back, and what it may not hold where it ends. */
final class References {
    private final Walk walk;

    References(Walk walk) {
        this.walk = walk;
    }

    /** The number of a new reference. */
    int acquire() {
        int id = walk.newId();
        walk.state().acquire(new Reference(id, walk.slot()));
        return id;
    }

    /** Gives a reference back: pointers that live by it point to nothing now. */
    boolean release(int id) {
        if (!walk.state().release(id)) return false;
        walk.state()
                .replaceAll(
                        reg ->
                                reg instanceof Pointer pointer && pointer.reference() == id
                                        ? walk.gone()
                                        : reg);
        return true;
    }

    /** Pointers to the key that a function was called with point to nothing now. */
    void forgetKey(Frame function) {
        walk.state()
                .replaceAll(
                        reg ->
                                reg instanceof Pointer pointer
                                                && pointer.is(PointerKind.MAP_KEY)
                                                && pointer.frame() == function.number()
                                        ? walk.gone()
                                        : reg);
    }

    /** Pointers into the packet point to nothing now. */
    void forgetPacket() {
        walk.state()
                .replaceAll(
                        reg ->
                                reg instanceof Pointer pointer && pointer.isOfPacket()
                                        ? walk.gone()
                                        : reg);
    }

    /** Nothing may be held where a program ends or goes on in another. */
    void checkNothingHeld(String where) {
        if (walk.state().lock().isPresent()) throw inside(Rule.LOCK, where, "bpf_spin_lock");
        checkNoReference(where);
        if (walk.state().isRcuLocked()) throw inside(Rule.RCU_SECTION, where, "bpf_rcu_read_lock");
        if (walk.state().preemptions() > 0) {
            throw inside(Rule.PREEMPTION, where, "bpf_preempt_disable");
        }
    }

    private Refused inside(Rule rule, String where, String section) {
        return walk.refused(
                rule, Errno.EINVAL, "%s cannot be used inside %s-ed region", where, section);
    }

    private void checkNoReference(String where) {
        var held = walk.state().references();
        if (held.isEmpty()) return;
        var lines =
                held.stream()
                        .map(
                                r ->
                                        "Unreleased reference id=%d alloc_insn=%d\n"
                                                .formatted(r.id(), r.slot()))
                        .collect(Collectors.joining());
        throw walk.refused(
                Rule.UNRELEASED_REFERENCE,
                Errno.EINVAL,
                "%s%s would lead to reference leak",
                lines,
                where);
    }
}
