package io.bitdelta.node.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Mixin for the result of a command: text for people, or one JSON object for scripts. */
public final class Output {
    /** Members by name: the same answer is the same text. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Called by picocli. */
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    public Output() {}

    /** Whether the caller asked for JSON. */
    public boolean json() {
        return json;
    }

    /**
     * Prints the result.
     *
     * @param value a record or map; its properties become the JSON object
     * @param text writes the same for people
     */
    public void result(Object value, Consumer<PrintWriter> text) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JSON.writeValueAsString(value));
        } else {
            text.accept(out);
        }
        out.flush();
    }

    /** Prints a line for people on standard error; silent with {@code --json}. */
    public void say(String line) {
        if (!json) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(line);
            err.flush();
        }
    }
}
