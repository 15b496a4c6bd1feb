package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.setup.Insertion;

import picocli.CommandLine.Option;

import java.util.List;

/** The options that say which object is loaded, where its programs go, and what its maps hold. */
final class ObjectOptions extends LoadingOptions {
    @Option(
            names = "--attach",
            paramLabel = "PROGRAM=MAP[:ATTACH]",
            description = {
                "the map that a program goes to, and as what: msg_verdict, stream_parser,",
                "stream_verdict, skb_verdict; by default its section's kind, to the only socket map"
            })
    private List<String> attachments = List.of();

    @Option(
            names = "--insert",
            paramLabel = "MAP[KEY]=SOCKET",
            description = {
                "which socket of each connection goes into which map: client, upstream,"
                        + " upstream2...",
                "KEY is made of numbers, cookie, slot, family, local_port, remote_port, local_ip4,",
                "remote_ip4, local_ip6, remote_ip6 (of another socket: client.cookie), + - * << >>"
                        + " & |,",
                "htonl() htons(), {field=KEY, ...}, [KEY, ...], \"text\", hex:0a0b"
            })
    private List<String> insertions = List.of();

    /** Loads the object, attaches its programs and sets what is to be set. */
    UserObject load(UserEngine engine) {
        return setup(attachments).load(engine, spec());
    }

    /** {@link #load(UserEngine)} in an engine of any kind. */
    SockmapObject load(SockmapEngine engine) {
        return setup(attachments).load(engine, spec());
    }

    /** What goes into which map for each connection. */
    List<Insertion> insertions(SockmapObject object) {
        var all = insertions.stream().map(text -> Insertion.parse(object, text)).toList();
        boolean bySelf = object.programs().values().stream().anyMatch(SocketPrograms::isSockOps);
        if (all.isEmpty() && !bySelf && !object.socketMaps().isEmpty()) {
            throw nothingInserted(object);
        }
        return all;
    }

    private static BpfException nothingInserted(SockmapObject object) {
        var map = object.socketMaps().getFirst();
        var keys =
                map.definition().keySize() == Long.BYTES
                        ? List.of("client.cookie", "upstream.cookie")
                        : List.of("slot*2", "slot*2+1");
        return new BpfException(
                Errno.EINVAL,
                "no socket would enter map %1$s, so no program would run: add for example --insert '%1$s[%2$s]=client' --insert '%1$s[%3$s]=upstream'"
                        .formatted(map.name(), keys.get(0), keys.get(1)));
    }
}
