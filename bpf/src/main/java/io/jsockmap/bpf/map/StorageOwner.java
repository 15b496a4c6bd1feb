package io.jsockmap.bpf.map;

/**
 * A thing that programs may keep values for, such as a socket.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="storage"}
 */
public interface StorageOwner {
    /** Where its values are; always the same. Its {@code close} is part of closing the owner. */
    LocalStorage storage();
}
