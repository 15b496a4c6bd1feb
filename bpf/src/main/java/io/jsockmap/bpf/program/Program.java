package io.jsockmap.bpf.program;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.JumpTarget;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A program that can run: its references to maps and functions are resolved. Immutable.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="tailcalls"}
 */
public final class Program implements JumpTarget {
    private static final AtomicInteger IDS = new AtomicInteger();

    private final int id;
    private final String name;
    private final ProgramType type;
    private final Code code;
    private final Instruction[] slots;
    private final List<BpfMap> maps;
    private final Constants constants;
    private final Debug debug;
    private final Facts facts;
    private final AtomicReference<Prepared> prepared = new AtomicReference<>();

    /**
     * @param code the program and its functions; a reference to a map holds the map's place in maps
     * @param debug what else the object file tells
     */
    public Program(String name, ProgramType type, Code code, List<BpfMap> maps, Debug debug) {
        this.id = IDS.incrementAndGet();
        this.name = name;
        this.type = type;
        this.code = code;
        this.slots = code.toArray();
        this.maps = List.copyOf(maps);
        this.constants = new Constants(code, maps);
        this.debug = debug;
        this.facts = null;
    }

    /**
     * A program of which only the source lines are known.
     *
     * @param lines source lines by the slot at which they begin; null where none is known
     */
    public Program(
            String name,
            ProgramType type,
            Code code,
            List<BpfMap> maps,
            NavigableMap<Integer, SourceLine> lines) {
        this(name, type, code, maps, Debug.of(lines));
    }

    private Program(Program other, Facts facts) {
        this.id = other.id;
        this.name = other.name;
        this.type = other.type;
        this.code = other.code;
        this.slots = other.slots;
        this.maps = other.maps;
        this.constants = other.constants;
        this.debug = other.debug;
        this.facts = facts;
    }

    /** A program without maps and source lines. */
    public static Program of(String name, ProgramType type, Code code) {
        return new Program(name, type, code, List.of(), Debug.NONE);
    }

    /** A number that no other program of this process has. */
    @Override
    public int id() {
        return id;
    }

    /** The function's name in C. */
    public String name() {
        return name;
    }

    public ProgramType type() {
        return type;
    }

    @Override
    public String typeName() {
        return type.name();
    }

    public Code code() {
        return code;
    }

    /** Whether any instruction calls one of those helpers, be it ever executed or not. */
    public boolean callsAny(Set<Integer> helpers) {
        return code.instructions().stream()
                .anyMatch(i -> i.calls(Callee.HELPER) && helpers.contains((int) i.immediate()));
    }

    /** Whether any instruction may call a helper of which that is known, by register maybe. */
    public boolean mayCall(CallTrait trait) {
        return code.instructions().stream().anyMatch(i -> mayCall(i, trait));
    }

    /** Whether an instruction may. */
    public boolean mayCall(Instruction i, CallTrait trait) {
        return i.calls(Callee.REGISTER) || type.called(i).filter(h -> h.has(trait)).isPresent();
    }

    /** The maps it refers to. */
    public List<BpfMap> maps() {
        return maps;
    }

    /** The line of C that an instruction comes from, if the object file says so. */
    public Optional<SourceLine> lineOf(int slot) {
        var entry = debug.lines().floorEntry(slot);
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.getValue());
    }

    /** What the object file tells besides. */
    public Debug debug() {
        return debug;
    }

    /** The same program, of which that was proved. */
    public Program with(Facts facts) {
        return new Program(this, facts);
    }

    /** What was proved of it, if it was verified. */
    public Optional<Facts> facts() {
        return Optional.ofNullable(facts);
    }

    /** Why the instruction at a slot must not be reached, if CO-RE found nothing for it. */
    public Optional<String> notRelocated(int slot) {
        return Optional.ofNullable(debug.notRelocated().get(slot));
    }

    /** The instruction at a slot, or null; for executions only. */
    public Instruction slot(int slot) {
        return slot >= 0 && slot < slots.length ? slots[slot] : null;
    }

    /** What a machine keeps of it; for machines only. */
    public AtomicReference<Prepared> prepared() {
        return prepared;
    }

    /** What its immediates refer to; for executions only. */
    public Constants constants() {
        return constants;
    }

    @Override
    public String toString() {
        return "%s (%s)".formatted(name, type);
    }
}
