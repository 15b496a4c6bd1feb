package io.jsockmap.control.inventory;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.object.VariableSpec;

import java.util.List;

/**
 * How bytes are to be read.
 *
 * {@snippet class="io.jsockmap.control.examples.InventoryExamples" region="values"}
 */
public sealed interface Form {
    /** Bytes of which nothing is known but their number. */
    record Plain(int size) implements Form {}

    /** A value of a type. */
    record Typed(Btf types, int type, int size) implements Form {}

    /** A data section with its variables. */
    record Section(String name, Btf types, List<VariableSpec> variables, int size) implements Form {
        public Section {
            variables = List.copyOf(variables);
        }
    }

    /** How many bytes there are. */
    int size();
}
