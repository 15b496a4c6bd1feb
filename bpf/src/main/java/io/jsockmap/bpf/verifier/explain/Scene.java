package io.jsockmap.bpf.verifier.explain;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.rule.Refusal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A refusal with all that hints look at.
 *
 * @param steps the instructions of the path that had to do with it, oldest first
 */
record Scene(Program program, Refusal refusal, List<Step> steps) {

    /** The instruction that is refused; null where a refusal is about none. */
    Instruction instruction() {
        return program.slot(refusal.slot());
    }

    /** The register that it is about: {@code R2}. */
    String register() {
        return refusal.registers().isEmpty()
                ? "the register"
                : "R" + refusal.registers().getFirst();
    }

    /** A number of the message: {@code off} of {@code off=4 size=8}. */
    OptionalLong number(String name) {
        var found =
                Pattern.compile("\\b" + Pattern.quote(name) + "=(-?\\d+)")
                        .matcher(refusal.message());
        return found.find()
                ? OptionalLong.of(Long.parseLong(found.group(1)))
                : OptionalLong.empty();
    }

    boolean says(String phrase) {
        return refusal.message().contains(phrase);
    }

    /** The function of the kernel that the instruction calls, or {@code the call}. */
    String callee() {
        return instruction() == null ? "the call" : nameOfCall(instruction());
    }

    private String nameOfCall(Instruction i) {
        return new CallWords(program).name(i).map(name -> name + "()").orElse("the call");
    }

    /** The call as it must be written. */
    String prototype() {
        return new CallWords(program).prototype(instruction()).orElse("its prototype");
    }

    boolean isLoad() {
        return instruction() != null && instruction().operation() instanceof Load;
    }

    /** How many bytes the instruction accesses, or 0. */
    int accessed() {
        return Optional.ofNullable(instruction())
                .flatMap(Instruction::access)
                .map(Instruction.Access::size)
                .orElse(0);
    }

    /** The last step of a kind. */
    Optional<Step> step(Step.Kind kind) {
        return steps.reversed().stream().filter(step -> step.kind() == kind).findFirst();
    }

    boolean has(Step.Kind kind) {
        return step(kind).isPresent();
    }

    /** The function of the kernel that is called by the last step of that kind. */
    String callOf(Step.Kind kind) {
        return step(kind).map(step -> nameOfCall(program.slot(step.slot()))).orElse("the call");
    }

    /** The last call of the kernel that gave the register its value. */
    String origin() {
        return steps.reversed().stream()
                .filter(step -> step.kind() == Step.Kind.SETS)
                .map(step -> new CallWords(program).name(program.slot(step.slot())))
                .flatMap(Optional::stream)
                .findFirst()
                .map(name -> name + "()")
                .orElse("a lookup");
    }

    /** Why CO-RE had no place for what the instruction names. */
    Optional<String> relocationProblem() {
        return program.notRelocated(refusal.slot());
    }

    // --- The context -----------------------------------------------------------------------------

    /** The field of the context at the offset that the message names. */
    Optional<? extends ContextField<?>> field() {
        return fieldAt(number("off").orElse(-1));
    }

    Optional<? extends ContextField<?>> fieldAt(long offset) {
        return program.type().context().field((int) offset);
    }

    String fieldName() {
        return field().map(ContextField::name).orElse("the field");
    }

    /** The field at the end of the access. */
    String lastFieldName() {
        return fieldAt(number("off").orElse(-1) + accessed() - 1)
                .map(ContextField::name)
                .orElse("what is behind it");
    }

    boolean fieldIsPointer() {
        return field().filter(f -> !(f.content() instanceof Content.Scalar)).isPresent();
    }

    int fieldSize() {
        return field().map(ContextField::size).orElse(0);
    }

    /** The kernel's word for the context's type in C, {@code struct sk_msg_md}. */
    String contextName() {
        return program.type().context().name();
    }

    /** What verdict programs return to drop: others have no such name. */
    String giveUp() {
        return program.type().name().startsWith("sk_") ? "return SK_DROP;" : "return 0;";
    }
}
