package io.jsockmap.sockmap.setup;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.Section;
import io.jsockmap.sockmap.map.SocketMap;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides where each program goes: as asked, as its section says, or as there is only one way. */
final class Attachments {
    private final SockmapObject object;
    private final List<String> asked;
    private final Map<String, String> types;

    /**
     * @param asked {@code PROGRAM=MAP[:ATTACH]} each
     * @param types the sections that programs shall be taken for, by program
     */
    Attachments(SockmapObject object, List<String> asked, Map<String, String> types) {
        this.object = object;
        this.asked = asked;
        this.types = types;
    }

    void attach(SockmapEngine engine) {
        attachToMaps();
        object.programs().values().stream()
                .filter(SocketPrograms::isSockOps)
                .forEach(engine::attach);
    }

    void attachToMaps() {
        asked.forEach(this::attachAsAsked);
        for (var program : object.programs().values()) {
            if (SocketPrograms.isSockOps(program)) continue;
            if (asked.stream().anyMatch(text -> text.startsWith(program.name() + "="))) continue;
            attach(program, mapOf(program), attachTypeOf(program, ""));
        }
    }

    private void attachAsAsked(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) throw refused("--attach %s: expected PROGRAM=MAP[:ATTACH]", text);
        var program = object.program(text.substring(0, equals));
        var place = text.substring(equals + 1);
        int colon = place.indexOf(':');
        var map = object.socketMap(colon < 0 ? place : place.substring(0, colon));
        attach(program, map, attachTypeOf(program, colon < 0 ? "" : place.substring(colon + 1)));
    }

    private static void attach(Program program, SocketMap map, AttachType type) {
        var present = map.attached(type);
        if (present.isPresent()) {
            throw refused(
                    "programs %s and %s would both be the %s of map %s: leave one out with --skip,"
                            + " or name another map with --attach",
                    present.get().name(), program.name(), type, map.name());
        }
        map.attach(program, type);
    }

    private SocketMap mapOf(Program program) {
        var named = object.attachMap(program.name());
        if (named.isPresent()) return named.get();
        var maps = object.socketMaps();
        if (maps.size() == 1) return maps.getFirst();
        throw maps.isEmpty()
                ? refused("program %s has no map of sockets to go to", program.name())
                : refused(
                        "program %s can go to several maps (%s): say --attach %s=MAP, or --skip %s",
                        program.name(),
                        maps.stream().map(SocketMap::name).collect(Collectors.joining(", ")),
                        program.name(),
                        program.name());
    }

    private AttachType attachTypeOf(Program program, String name) {
        if (!name.isEmpty()) {
            return AttachType.of(name)
                    .orElseThrow(() -> refused("no attach type is called %s", name));
        }
        return Optional.ofNullable(types.get(program.name()))
                .flatMap(Section::of)
                .flatMap(Section::attachType)
                .or(() -> object.attachType(program.name()))
                .or(() -> onlyOneOf(program))
                .orElseThrow(
                        () ->
                                refused(
                                        "program %s: its section does not tell a parser from a"
                                                + " verdict: say --attach %s=MAP:stream_verdict",
                                        program.name(), program.name()));
    }

    private static Optional<AttachType> onlyOneOf(Program program) {
        return program.type().equals(SocketPrograms.SK_MSG)
                ? Optional.of(AttachType.SK_MSG_VERDICT)
                : Optional.empty();
    }

    private static BpfException refused(String format, Object... values) {
        return new BpfException(Errno.EINVAL, format.formatted(values));
    }
}
