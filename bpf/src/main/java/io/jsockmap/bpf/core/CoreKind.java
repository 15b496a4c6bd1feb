package io.jsockmap.bpf.core;

import java.util.Optional;

/**
 * What a CO-RE relocation asks of the target's types, in the order of the records' numbers ({@code
 * enum bpf_core_relo_kind}).
 */
public enum CoreKind {
    /** At which byte a field begins; of a bit-field, the integer that is loaded to get it. */
    FIELD_BYTE_OFFSET(Subject.FIELD, "byte offset"),
    /** How many bytes a field has; of a bit-field, the integer that is loaded to get it. */
    FIELD_BYTE_SIZE(Subject.FIELD, "size"),
    /** 1 if the field is there, else 0. */
    FIELD_EXISTS(Subject.FIELD, "existence"),
    /** 1 if the field is a signed integer, else 0. */
    FIELD_SIGNED(Subject.FIELD, "signedness"),
    /** By how many bits the loaded integer is shifted left, to lose what is above the field. */
    FIELD_LSHIFT_U64(Subject.FIELD, "left shift"),
    /** By how many bits it is shifted right then, to lose what is below. */
    FIELD_RSHIFT_U64(Subject.FIELD, "right shift"),
    /** The type's number in the object's own types. */
    TYPE_ID_LOCAL(Subject.TYPE, "own number"),
    /** The type's number in the types among which it was found. */
    TYPE_ID_TARGET(Subject.TYPE, "number"),
    /** 1 if there is a type of that name and kind, else 0. */
    TYPE_EXISTS(Subject.TYPE, "existence"),
    /** How many bytes the type has. */
    TYPE_SIZE(Subject.TYPE, "size"),
    /** 1 if the enumeration has the value, else 0. */
    ENUMVAL_EXISTS(Subject.VALUE, "existence"),
    /** What the value is. */
    ENUMVAL_VALUE(Subject.VALUE, "value"),
    /** 1 if there is a type with all that the object's own has, else 0. */
    TYPE_MATCHES(Subject.TYPE, "likeness");

    /** What is asked about. */
    enum Subject {
        FIELD("field"),
        TYPE("type"),
        VALUE("value");

        final String word;

        Subject(String word) {
            this.word = word;
        }
    }

    private final Subject subject;
    private final String text;

    CoreKind(Subject subject, String text) {
        this.subject = subject;
        this.text = text;
    }

    /** What is asked, for people. */
    public String text() {
        return text;
    }

    Subject subject() {
        return subject;
    }

    /** Whether something that is missing is an answer, namely 0. */
    boolean asksWhether() {
        return switch (this) {
            case FIELD_EXISTS, TYPE_EXISTS, ENUMVAL_EXISTS, TYPE_MATCHES -> true;
            default -> false;
        };
    }

    static Optional<CoreKind> of(int number) {
        var all = values();
        return number >= 0 && number < all.length ? Optional.of(all[number]) : Optional.empty();
    }
}
