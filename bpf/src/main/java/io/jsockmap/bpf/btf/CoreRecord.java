package io.jsockmap.bpf.btf;

/**
 * A record of {@code .BTF.ext} ({@code struct bpf_core_relo}): an instruction that depends on a
 * type's layout. Nothing of it has been checked.
 *
 * {@snippet class="io.jsockmap.bpf.examples.BtfExamples" region="lines"}
 *
 * @param section the section with the instruction
 * @param offset the instruction, in bytes from the section's start
 * @param type the number of the object's own type from which the access starts
 * @param access numbers of members and elements with colons between, {@code 0:1:2}
 * @param kind the number of what is asked ({@code enum bpf_core_relo_kind})
 */
public record CoreRecord(String section, int offset, int type, String access, int kind) {}
