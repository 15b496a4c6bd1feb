package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapException;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.socket.SockmapSocket;

/**
 * BPF_MAP_TYPE_SOCKMAP: sockets by index.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="load"}
 */
public interface SockMap extends SocketMap {

    /** {@link #update(byte[], SockmapSocket, UpdateFlag)} by index. */
    default void update(long index, SockmapSocket socket, UpdateFlag flag) {
        update(IndexKey.of(index), socket, flag);
    }

    /**
     * Takes the socket at an index out.
     *
     * @throws MapException EINVAL if there is none
     */
    default void delete(long index) {
        delete(IndexKey.of(index));
    }
}
