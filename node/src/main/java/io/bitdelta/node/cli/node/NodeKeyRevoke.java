package io.bitdelta.node.cli.node;

import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code node key revoke}. */
@Command(
        name = "revoke",
        description = "Revoke an API key at once.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node key revoke 1f2e3d4c5b6a --data ./data"})
final class NodeKeyRevoke implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The key's id, as 'node key list' shows it.")
    private String id = "";

    @Mixin
    private KeyDatabase database = new KeyDatabase();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        if (!database.with(keys -> keys.revoke(id))) {
            throw CommandException.usage("there is no API key " + id);
        }
        output.result(Map.of("id", id, "revoked", true), out -> out.println("revoked " + id));
        return ExitCode.OK;
    }
}
