package io.bitdelta.node.cli.node;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code node key list}. */
@Command(
        name = "list",
        description = "Show every API key that was made, without its secret.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node key list --data ./data"})
final class NodeKeyList implements Callable<Integer> {
    @Mixin
    private KeyDatabase database = new KeyDatabase();

    @Mixin
    private Output output = new Output();

    /** A key for scripts. */
    record Shown(
            String id,
            String label,
            String identity,
            List<String> scopes,
            String createdAt,
            String expiresAt,
            String revokedAt) {
        static Shown of(ApiKeys.Key key) {
            return new Shown(
                    key.id(),
                    key.label(),
                    key.identity().map(EvmAddress::hex).orElse(""),
                    key.scopes().stream().map(Scope::toString).sorted().toList(),
                    key.createdAt().toString(),
                    key.expiresAt().toString(),
                    key.revokedAt().map(Object::toString).orElse(""));
        }
    }

    @Override
    public Integer call() {
        List<Shown> keys = database.with(ApiKeys::list).stream().map(Shown::of).toList();
        output.result(
                Map.of("keys", keys),
                out -> keys.forEach(key -> out.printf(
                        "%s  %-10s %-30s %s%n",
                        key.id(),
                        key.revokedAt().isEmpty() ? "to " + key.expiresAt().substring(0, 10) : "REVOKED",
                        String.join(",", key.scopes()),
                        key.label())));
        return ExitCode.OK;
    }
}
