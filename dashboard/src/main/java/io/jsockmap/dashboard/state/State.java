package io.jsockmap.dashboard.state;

import java.util.List;

/**
 * What a running proxy does, at one moment: all that the page and {@code jsockmap top} show, and
 * what {@code /api/state} gives as JSON.
 *
 * @param format the number of this format; another one means that names may be others
 * @param time milliseconds since 1970
 * @param uptimeSeconds since the proxy began to listen
 * @param object the object file's name
 * @param listening where the proxy accepts connections, and to where it connects
 * @param rates verdicts in the last second
 * @param history verdicts of each of the last 120 seconds, the oldest first
 * @param programs verdicts since the start, by program
 * @param socketCount how many sockets there are; {@code sockets} may have fewer
 * @param sockets the sockets of the proxy's connections, the busiest first; 200 at the most
 * @param edges which socket redirects to which, since somebody looks, the busiest first; 200 at the
 *     most
 * @param groups the sockets of one name, for where there are too many to be shown one by one
 * @param groupEdges which group redirects to which; {@code source} and {@code target} are places in
 *     {@code groups}
 * @param maps the object's maps
 * @param sampledOneIn one of so many messages is among {@code messages}; 1 for all
 * @param messages the last messages that were judged while somebody looked, the newest first; 50 at
 *     the most
 * @param incidents faults, losses and refusals, the newest first; 50 at the most
 * @param counts how many there were since the start
 */
public record State(
        int format,
        long time,
        long uptimeSeconds,
        String object,
        String listening,
        Rates rates,
        List<Second> history,
        List<ProgramRow> programs,
        int socketCount,
        List<SocketRow> sockets,
        List<EdgeRow> edges,
        List<GroupRow> groups,
        List<EdgeRow> groupEdges,
        List<MapRow> maps,
        long sampledOneIn,
        List<MessageRow> messages,
        List<IncidentRow> incidents,
        Counts counts) {
    /** The number of this format. */
    public static final int FORMAT = 1;

    public State {
        history = List.copyOf(history);
        programs = List.copyOf(programs);
        sockets = List.copyOf(sockets);
        edges = List.copyOf(edges);
        groups = List.copyOf(groups);
        groupEdges = List.copyOf(groupEdges);
        maps = List.copyOf(maps);
        messages = List.copyOf(messages);
        incidents = List.copyOf(incidents);
    }
}
