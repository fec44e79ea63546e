package io.bitdelta.node.cli.node;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code node key new}. */
@Command(
        name = "new",
        description = "Make an API key and show it, this once: only its hash is kept.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta node key new --label ci --scopes publish,sponsor --did did:lux:31337:0x11..."
        })
final class NodeKeyNew implements Callable<Integer> {
    @Option(names = "--label", required = true, paramLabel = "TEXT", description = "What it is for.")
    private String label = "";

    @Option(
            names = "--scopes",
            required = true,
            split = ",",
            paramLabel = "SCOPE",
            description = "What it may do: publish, sponsor, royalty, soup, serve, operator.")
    private List<String> scopes = List.of();

    @Option(names = "--did", paramLabel = "DID", description = "Whom it acts for; default: nobody in particular.")
    private @Nullable LuxDid did;

    @Option(
            names = "--days",
            defaultValue = "90",
            paramLabel = "N",
            description = "How long it is good (default: ${DEFAULT-VALUE}).")
    private int days;

    @Mixin
    private KeyDatabase database = new KeyDatabase();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        Set<Scope> wanted = EnumSet.noneOf(Scope.class);
        ApiKeys.Fresh fresh;
        try {
            scopes.forEach(word -> wanted.add(Scope.of(word.strip())));
            fresh = database.with(keys ->
                    keys.create(label, Optional.ofNullable(did).map(LuxDid::address), wanted, Duration.ofDays(days)));
        } catch (IllegalArgumentException refused) {
            throw CommandException.usage(String.valueOf(refused.getMessage()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", fresh.key().id());
        json.put("key", fresh.secret());
        json.put("expiresAt", fresh.key().expiresAt().toString());
        output.result(json, out -> {
            out.println(fresh.secret());
            output.say("key %s, good until %s; it is not shown again"
                    .formatted(fresh.key().id(), fresh.key().expiresAt()));
        });
        return ExitCode.OK;
    }
}
