package io.jsockmap.testkit.dap;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.debug.Breakpoint;
import io.jsockmap.testkit.debug.Debugger;
import io.jsockmap.testkit.record.Ending.Outcome;

import org.eclipse.lsp4j.debug.FunctionBreakpoint;
import org.eclipse.lsp4j.debug.InstructionBreakpoint;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Sets breakpoints as a client does: all of a kind, or of a file, at once. */
final class Breakpoints {
    /** The verdicts at which one may stop as if they were exceptions. */
    static final List<Outcome> EXCEPTIONS = List.of(Outcome.FAULT, Outcome.DROP);

    private final Debugger debugger;

    Breakpoints(Debugger debugger) {
        this.debugger = debugger;
    }

    private void remove(Class<? extends Breakpoint> kind) {
        debugger.breakpoints().stream().filter(kind::isInstance).forEach(debugger::remove);
    }

    org.eclipse.lsp4j.debug.Breakpoint[] lines(SetBreakpointsArguments wanted) {
        var path = Optional.ofNullable(wanted.getSource().getPath());
        var file = path.orElse(wanted.getSource().getName()).replace('\\', '/');
        debugger.breakpoints().stream()
                .filter(b -> b instanceof Breakpoint.AtLine(var of, var _) && of.equals(file))
                .forEach(debugger::remove);
        List<org.eclipse.lsp4j.debug.Breakpoint> all = new ArrayList<>();
        if (wanted.getBreakpoints() == null) return toArray(all);
        for (var one : wanted.getBreakpoints()) {
            var line = new Breakpoint.AtLine(file, one.getLine());
            debugger.add(line);
            var shown = shown(debugger.has(line), "no instruction comes from this line");
            shown.setLine(one.getLine());
            shown.setSource(wanted.getSource());
            all.add(shown);
        }
        return toArray(all);
    }

    org.eclipse.lsp4j.debug.Breakpoint[] functions(FunctionBreakpoint[] wanted) {
        remove(Breakpoint.AtFunction.class);
        return toArray(
                Stream.of(wanted)
                        .map(one -> new Breakpoint.AtFunction(one.getName()))
                        .peek(debugger::add)
                        .map(
                                b ->
                                        shown(
                                                debugger.hasFunction(b.name()),
                                                "there is no such function"))
                        .toList());
    }

    org.eclipse.lsp4j.debug.Breakpoint[] instructions(InstructionBreakpoint[] wanted) {
        remove(Breakpoint.AtSlot.class);
        List<org.eclipse.lsp4j.debug.Breakpoint> all = new ArrayList<>();
        for (var one : wanted) {
            var place = Code.Place.of(one.getInstructionReference(), one.getOffset());
            var program = place.flatMap(at -> instructionOf(debugger, at));
            program.ifPresent(
                    p -> debugger.add(new Breakpoint.AtSlot(p.name(), place.get().slot())));
            var shown = shown(program.isPresent(), "there is no such instruction");
            program.ifPresent(
                    p -> shown.setInstructionReference(Code.address(p, place.get().slot())));
            all.add(shown);
        }
        return toArray(all);
    }

    /** The program that an address is of. */
    static Optional<Program> programOf(Debugger debugger, Code.Place place) {
        return debugger.runs().stream()
                .flatMap(run -> run.frames().stream())
                .map(frame -> frame.program())
                .filter(program -> program.id() == place.program())
                .findFirst();
    }

    /** The same, if there is an instruction at that place. */
    private static Optional<Program> instructionOf(Debugger debugger, Code.Place place) {
        return programOf(debugger, place)
                .filter(program -> place.slot() >= 0 && place.slot() < program.code().size())
                .filter(program -> program.slot(place.slot()) != null);
    }

    void exceptions(String[] wanted) {
        remove(Breakpoint.AtVerdict.class);
        for (var outcome : EXCEPTIONS) {
            if (List.of(wanted).contains(outcome.word())) {
                debugger.add(new Breakpoint.AtVerdict(outcome));
            }
        }
    }

    private static org.eclipse.lsp4j.debug.Breakpoint shown(boolean verified, String otherwise) {
        var shown = new org.eclipse.lsp4j.debug.Breakpoint();
        shown.setVerified(verified);
        if (!verified) shown.setMessage(otherwise);
        return shown;
    }

    private static org.eclipse.lsp4j.debug.Breakpoint[] toArray(
            List<org.eclipse.lsp4j.debug.Breakpoint> all) {
        return all.toArray(org.eclipse.lsp4j.debug.Breakpoint[]::new);
    }
}
