package io.jsockmap.sockmap.map;

/**
 * BPF_MAP_TYPE_SOCKHASH: sockets by a key of 1 to 512 bytes.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="join"}
 */
public interface SockHash extends SocketMap {}
