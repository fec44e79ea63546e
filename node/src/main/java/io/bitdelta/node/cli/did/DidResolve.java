package io.bitdelta.node.cli.did;

import io.bitdelta.attestation.did.DidSyntaxException;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DeltaText;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.did.DidErrorKind;
import io.bitdelta.node.did.DidResolution;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.lookup.DeltaRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code did resolve}. */
@Command(
        name = "resolve",
        description =
                "Show who controls a DID, its document and what it has published; with a version, the document of that time.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta did resolve did:lux:31337:0x1111111111111111111111111111111111111111",
            "  bitdelta did resolve did:lux:31337:0x11... --version-time 2026-11-20T20:00:00Z"
        })
final class DidResolve implements Callable<Integer> {
    @Parameters(paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private String did = "";

    @Option(
            names = "--version-id",
            paramLabel = "ID",
            description = "A version: the block that made it, 0 for the first.")
    private @Nullable String versionId;

    @Option(names = "--version-time", paramLabel = "TIME", description = "The version that held then, RFC 3339.")
    private @Nullable String versionTime;

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            node.indexer().catchUp();
            DidResolution resolution =
                    node.dids().resolve(did, Optional.ofNullable(versionId), Optional.ofNullable(versionTime));
            return switch (resolution) {
                case DidResolution.Failed failed -> throw refusal(failed);
                case DidResolution.Resolved resolved ->
                    show(LuxDid.parse(did), resolved, node.deltas().byDid(LuxDid.parse(did)));
            };
        }
    }

    private static RuntimeException refusal(DidResolution.Failed failed) {
        return failed.kind() == DidErrorKind.INVALID_DID
                ? new DidSyntaxException(failed.detail())
                : CommandException.usage(failed.kind().title() + ": " + failed.detail());
    }

    private int show(LuxDid subject, DidResolution.Resolved resolved, List<DeltaRecord> deltas) {
        String controller = resolved.deactivated()
                ? ""
                : LuxDid.parse(String.valueOf(resolved.document().get("controller")))
                        .address()
                        .hex();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("did", subject.toString());
        json.put("controller", controller);
        json.put("deactivated", resolved.deactivated());
        json.put("document", resolved.document());
        json.put("metadata", resolved.metadata());
        json.put("deltas", deltas);
        output.result(json, out -> {
            out.println(subject);
            out.println("controller " + (controller.isEmpty() ? "none: deactivated" : controller));
            resolved.metadata().forEach((name, value) -> out.printf("%-14s %s%n", name, value));
            deltas.forEach(delta -> DeltaText.print(out, delta));
            if (deltas.isEmpty()) {
                out.println("no deltas");
            }
        });
        return ExitCode.OK;
    }
}
