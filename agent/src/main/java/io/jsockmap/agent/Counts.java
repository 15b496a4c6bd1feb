package io.jsockmap.agent;

import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Verdict;

import java.util.concurrent.atomic.LongAdder;

/** How many messages were judged, and what went wrong. */
final class Counts implements SockListener {
    final LongAdder messages = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder faults = new LongAdder();
    final LongAdder lostBytes = new LongAdder();

    @Override
    public void judged(Judgement judgement) {
        messages.increment();
        if (judgement.verdict() == Verdict.DROP) dropped.increment();
    }

    @Override
    public void faulted(Sock socket, ProgramFault fault) {
        faults.increment();
    }

    @Override
    public void lost(Sock socket, long bytes, String reason) {
        lostBytes.add(bytes);
    }
}
