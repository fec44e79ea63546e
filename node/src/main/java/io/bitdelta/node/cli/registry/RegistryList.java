package io.bitdelta.node.cli.registry;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DeltaText;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.lookup.ChainPosition;
import io.bitdelta.node.lookup.DeltaFilter;
import io.bitdelta.node.lookup.DeltaRecord;
import io.bitdelta.node.lookup.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code registry list}. */
@Command(
        name = "list",
        description =
                "Published deltas in the order of the chain, by owner, base, CID or hash; all that are given must hold.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta registry list --did did:lux:31337:0x1111111111111111111111111111111111111111",
            "  bitdelta registry list --base 0x5b64... --limit 500 --node https://node.example --json"
        })
final class RegistryList implements Callable<Integer> {
    @Option(names = "--did", paramLabel = "DID", description = "The owner.")
    private @Nullable LuxDid did;

    @Option(names = "--base", paramLabel = "HASH", description = "Weights hash of the base.")
    private @Nullable Bytes32 base;

    @Option(names = "--cid", paramLabel = "CID", description = "Of the manifest, the evidence or the delta file.")
    private @Nullable String cid;

    @Option(
            names = "--hash",
            paramLabel = "HASH",
            description = "The id, the root, or the digest of manifest, evidence, receipt or file.")
    private @Nullable Bytes32 hash;

    @Option(names = "--after", paramLabel = "CURSOR", description = "The member next of an earlier page.")
    private @Nullable String after;

    @Option(
            names = "--limit",
            defaultValue = "50",
            paramLabel = "N",
            description = "How many at most, up to 500. Default: ${DEFAULT-VALUE}.")
    private int limit = 50;

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    /** A page. */
    private record Found(List<DeltaRecord> deltas, Optional<String> next) {}

    @Override
    public Integer call() throws Exception {
        if (limit < 1 || limit > Page.MOST) {
            throw CommandException.usage("--limit is from 1 to %d, not %d".formatted(Page.MOST, limit));
        }
        Found found = where.ask(this::told, this::looked);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("deltas", found.deltas());
        found.next().ifPresent(next -> json.put("next", next));
        output.result(json, out -> {
            found.deltas().forEach(delta -> DeltaText.print(out, delta));
            out.println(found.next()
                    .map(next -> "more: --after " + next)
                    .orElse("%d deltas".formatted(found.deltas().size())));
        });
        return ExitCode.OK;
    }

    private Found told(ApiClient node) {
        StringBuilder path = new StringBuilder("/api/deltas?limit=" + limit);
        add(path, "did", did);
        add(path, "base", base);
        add(path, "cid", cid);
        add(path, "hash", hash);
        add(path, "after", after);
        JsonNode page = node.get(path.toString());
        List<DeltaRecord> deltas = new ArrayList<>();
        page.path("items").forEach(item -> deltas.add(JsonMapper.shared().treeToValue(item, DeltaRecord.class)));
        return new Found(deltas, page.path("next").stringValueOpt());
    }

    private static void add(StringBuilder path, String name, @Nullable Object value) {
        if (value != null) {
            path.append('&').append(name).append('=').append(ApiClient.escape(value.toString()));
        }
    }

    private Found looked(LocalNode node) throws IOException {
        node.catchUp();
        ChainPosition start = after == null
                ? ChainPosition.START
                : ChainPosition.parse(after)
                        .orElseThrow(() -> CommandException.usage("--after: a cursor of an earlier page is needed"));
        DeltaFilter filter = new DeltaFilter(did, base, cid == null ? null : Cid.parse(cid), hash);
        Page<DeltaRecord> page = node.deltas().page(filter, start, limit);
        return new Found(page.items(), page.next().map(ChainPosition::toString));
    }
}
