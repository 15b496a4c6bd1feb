package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.BtfType;

/** One step of an access into a type. */
sealed interface Step {
    /**
     * To an element of an array, or, as the first step, to one of several values side by side.
     *
     * @param type the element's
     */
    record Element(int index, int type) implements Step {}

    /**
     * To a member that has a name; the anonymous ones around it are no steps of their own.
     *
     * @param last whether it is its structure's last
     */
    record Member(BtfType.Member member, boolean last) implements Step {}
}
