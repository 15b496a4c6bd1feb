package io.jsockmap.control.inventory;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.Scope;

import java.util.function.BiConsumer;

/** The programs that hear of connections, scope by scope. */
record ScopeWalk(Scope root) {
    void forEach(BiConsumer<String, Program> action) {
        root.attached().forEach(program -> action.accept(root.toString(), program));
        root.children().forEach(child -> new ScopeWalk(child).forEach(action));
    }
}
