package io.jsockmap.store;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.object.MapSpec;
import io.jsockmap.sockmap.SockmapObject;

import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A map that holds what the store says, in whichever object is in force. */
final class BoundMap {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.store");

    /** Others forget, count per CPU, or hold what can't be written down. */
    private static final Set<MapType> KINDS =
            EnumSet.of(MapType.HASH, MapType.LPM_TRIE, MapType.ARRAY);

    private static final int MOST_NAMED = 5;
    private static final int LONGEST_NAMED = 200;

    private final SharedMap shared;
    private final Supplier<? extends SockmapObject> objects;
    private Notation notation;
    private MapWriter writer;
    private Wanted wanted;
    private long revision;
    private Optional<String> problem = Optional.empty();
    private Map<String, String> rejected = Map.of();

    /**
     * @throws BpfException if the object has no such map, or one of another kind
     */
    BoundMap(SharedMap shared, Supplier<? extends SockmapObject> objects) {
        this.shared = shared;
        this.objects = objects;
        notation = notationNow();
        writer = new MapWriter(notation);
        wanted = new Wanted(notation);
    }

    private Notation notationNow() {
        var object = objects.get();
        var map = object.map(shared.map());
        if (MapType.of(map.definition().type()).filter(KINDS::contains).isEmpty()) {
            throw new BpfException(
                    Errno.EINVAL,
                    "map %s can't be bound to %s: only hash, lpm_trie and array can"
                            .formatted(map, shared.prefix()));
        }
        // One that was kept was made by another object, whose types may have other numbers.
        var here =
                object.spec().maps().stream()
                        .filter(spec -> spec.name().equals(shared.map()))
                        .map(MapSpec::definition)
                        .findFirst();
        return new Notation(map, here.orElse(map.definition()), object.spec().btf());
    }

    SharedMap shared() {
        return shared;
    }

    /** Takes all that is in the store at a revision. */
    synchronized void reset(List<Entry> entries, long revision) {
        wanted.reset(entries);
        this.revision = revision;
        attempt(() -> writer.writeAll(wanted));
    }

    /** Takes what has changed up to a revision. */
    synchronized void change(List<Change> changes, long revision) {
        var touched = wanted.change(changes);
        this.revision = Math.max(this.revision, revision);
        attempt(() -> writer.write(touched, wanted));
    }

    /** Nothing else has changed up to a revision. */
    synchronized void told(long revision) {
        this.revision = Math.max(this.revision, revision);
    }

    /**
     * Fills the map of the object that is in force now if it is another one, or it failed before.
     */
    synchronized void follow() {
        attempt(
                () -> {
                    var now = notationNow();
                    boolean isOther = !now.equals(notation);
                    if (isOther) replace(now);
                    // Before the store was read once, the map is what the object makes of it.
                    if (revision > 0 && (isOther || problem.isPresent())) writer.writeAll(wanted);
                });
    }

    private void replace(Notation now) {
        notation = now;
        writer = new MapWriter(now);
        wanted = wanted.in(now);
    }

    private void attempt(Runnable change) {
        try {
            change.run();
            problem = Optional.empty();
            noteRejected();
        } catch (BpfException e) {
            var before = problem;
            problem = Optional.of(e.getMessage());
            if (before.equals(problem)) return;
            LOG.log(Level.WARNING, "{0} is not filled: {1}", shared, e.getMessage());
        }
    }

    /** Names those that are rejected anew, the first few of many. */
    private void noteRejected() {
        Map<String, String> now = new TreeMap<>(wanted.rejected());
        now.putAll(writer.refused(wanted));
        var fresh =
                now.entrySet().stream()
                        .filter(each -> !each.getValue().equals(rejected.get(each.getKey())))
                        .toList();
        rejected = now;
        if (fresh.isEmpty()) return;
        LOG.log(
                Level.WARNING,
                "{0}: {1} skipped: {2}",
                shared,
                fresh.size(),
                fresh.stream()
                        .limit(MOST_NAMED)
                        .map(each -> shortened("%s (%s)".formatted(each.getKey(), each.getValue())))
                        .collect(Collectors.joining(", ")));
    }

    /** Anyone may write anything into a store, of any length. */
    private static String shortened(String text) {
        var line = text.replaceAll("\\p{C}", "?");
        return line.length() <= LONGEST_NAMED ? line : line.substring(0, LONGEST_NAMED) + "...";
    }

    synchronized MapStatus status() {
        int entries = wanted.keys().size() - writer.refused(wanted).size();
        return new MapStatus(shared, revision, entries, rejected, problem);
    }
}
