package io.jsockmap.control.command;

import com.google.gson.JsonElement;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.control.inventory.Inventory;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The commands that an inventory answers, by their names. Requests and results are JSON; results
 * have bpftool's names of fields.
 */
public final class Commands {
    private static final Map<String, Command> TABLE = table();

    private final Inventory inventory;

    /** Commands on an inventory. */
    public Commands(Inventory inventory) {
        this.inventory = inventory;
    }

    private static Map<String, Command> table() {
        Map<String, Command> table = new LinkedHashMap<>();
        table.put("about", AboutCommand::about);
        table.put("prog list", ProgramCommands::list);
        table.put("prog show", ProgramCommands::show);
        table.put("prog dump", ProgramCommands::dump);
        table.put("prog attach", ProgramCommands::attach);
        table.put("prog detach", ProgramCommands::detach);
        table.put("map list", MapCommands::list);
        table.put("map show", MapCommands::show);
        table.put("map dump", ElementCommands::dump);
        table.put("map lookup", ElementCommands::lookup);
        table.put("map update", ElementCommands::update);
        table.put("map delete", ElementCommands::delete);
        table.put("map getnext", ElementCommands::getNext);
        table.put("link list", LinkCommands::list);
        table.put("btf list", TypesCommands::list);
        table.put("btf section", TypesCommands::section);
        return table;
    }

    /** What a command does. */
    private interface Command {
        Result answer(Inventory inventory, Request request);
    }

    /**
     * Does what is asked. What can be refused is refused here, not while the result is written.
     *
     * @throws BpfException EINVAL if it is not understood; what the inventory refuses
     */
    public Result answer(JsonElement asked) {
        var request = Request.of(asked);
        var command = TABLE.get(request.command());
        if (command == null) {
            throw new BpfException(
                    Errno.EINVAL,
                    "there is no command %s (there are: %s)"
                            .formatted(request.command(), String.join(", ", TABLE.keySet())));
        }
        return command.answer(inventory, request);
    }
}
