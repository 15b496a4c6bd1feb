package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.RunResult;

import java.util.Optional;

/**
 * Runs the programs that look at messages. A program's fault is the fault of its message alone.
 *
 * @param machine what runs them
 * @param environment what they learn of the world
 * @param listener hears the verdicts
 */
record Judge(Machine machine, Environment environment, SockListener listener) {
    /** The length that a parser finds, 0 for more bytes, or an errno, negative. */
    int parse(Program parser, SkBuff skb) {
        try {
            return (int) run(parser, skb).value();
        } catch (ProgramFault fault) {
            listener.faulted(skb.socket(), fault);
        } catch (RuntimeException | Error e) {
            listener.failed(skb.socket(), e);
        }
        return -Errno.EFAULT.number();
    }

    /**
     * Lets a program judge a message.
     *
     * @param mayHold whether no verdict counts as long as the program wants to see more
     */
    Verdict judge(Program program, Message message, boolean mayHold) {
        message.beginRun();
        try {
            var result = run(program, message);
            var verdict = Verdict.of(result.value(), message.redirect() != null);
            if (!mayHold || !message.waitsForMore()) tell(program, message, verdict, result);
            return verdict;
        } catch (ProgramFault fault) {
            listener.faulted(message.socket(), fault);
        } catch (RuntimeException | Error e) {
            // A mistake of ours, or of a listener: the message has no verdict, so it does not pass.
            listener.failed(message.socket(), e);
        }
        message.forgetRequests();
        return Verdict.DROP;
    }

    private <C> RunResult run(Program program, C context) {
        // Programs get into a slot only if their type, and so their context, is the slot's.
        @SuppressWarnings("unchecked")
        var layout = (ContextLayout<C>) program.type().context();
        return machine.run(program, environment, new ContextRegion<>("context", layout, context));
    }

    private void tell(Program program, Message message, Verdict verdict, RunResult result) {
        var chosen = Optional.ofNullable(verdict == Verdict.REDIRECT ? message.redirect() : null);
        boolean received = message instanceof SkBuff;
        listener.judged(
                new Judgement(
                        message.socket(),
                        received,
                        program,
                        verdict,
                        chosen,
                        message,
                        result.decided()));
    }
}
