package io.jsockmap.sockmap.socket;

/**
 * A socket as an engine's maps take it.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="load"}
 */
public interface SockmapSocket {

    /** What {@code bpf_get_socket_cookie} and SO_COOKIE give: no other socket ever has it. */
    long cookie();

    /** Between whom. */
    Addresses addresses();
}
