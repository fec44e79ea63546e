package io.bitdelta.node.cli.did;

import io.bitdelta.attestation.did.DidSyntaxException;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DeltaText;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.did.DidErrorKind;
import io.bitdelta.node.did.DidResolution;
import io.bitdelta.node.local.LocalNode;
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
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    /** What was found, wherever it was. */
    private record Found(Map<String, Object> document, Map<String, Object> metadata, List<DeltaRecord> deltas) {}

    @Override
    public Integer call() throws Exception {
        Found found = where.ask(this::told, this::looked);
        return show(LuxDid.parse(did), found);
    }

    private Found looked(LocalNode node) throws IOException {
        node.indexer().catchUp();
        DidResolution resolution =
                node.dids().resolve(did, Optional.ofNullable(versionId), Optional.ofNullable(versionTime));
        return switch (resolution) {
            case DidResolution.Failed failed ->
                throw refusal(failed.kind().type(), failed.kind().title(), failed.detail());
            case DidResolution.Resolved resolved ->
                new Found(
                        resolved.document(), resolved.metadata(), node.deltas().byDid(LuxDid.parse(did)));
        };
    }

    private Found told(ApiClient node) {
        StringBuilder path = new StringBuilder("/1.0/identifiers/" + ApiClient.escape(did));
        if (versionId != null) {
            path.append("?versionId=").append(ApiClient.escape(versionId));
        }
        if (versionTime != null) {
            path.append(versionId == null ? '?' : '&').append("versionTime=").append(ApiClient.escape(versionTime));
        }
        JsonNode result = node.getAny(path.toString(), DidResolution.RESULT_TYPE);
        JsonNode error = result.path("didResolutionMetadata").path("error");
        if (!error.isMissingNode()) {
            throw refusal(
                    error.path("type").asString(""),
                    error.path("title").asString(""),
                    error.path("detail").asString(""));
        }
        return new Found(
                members(result.path("didDocument")), members(result.path("didDocumentMetadata")), deltas(node));
    }

    private List<DeltaRecord> deltas(ApiClient node) {
        List<DeltaRecord> deltas = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = node.get("/api/dids/%s/deltas?limit=%d%s"
                    .formatted(ApiClient.escape(did), Page.MOST, after.isEmpty() ? "" : "&after=" + after));
            page.path("items").forEach(item -> deltas.add(JsonMapper.shared().treeToValue(item, DeltaRecord.class)));
            after = page.path("next").asString("");
        } while (!after.isEmpty());
        return deltas;
    }

    private static Map<String, Object> members(JsonNode object) {
        Map<String, Object> members = new LinkedHashMap<>();
        object.properties()
                .forEach(member ->
                        members.put(member.getKey(), JsonMapper.shared().treeToValue(member.getValue(), Object.class)));
        return members;
    }

    private static RuntimeException refusal(String type, String title, String detail) {
        return type.equals(DidErrorKind.INVALID_DID.type())
                ? new DidSyntaxException(detail)
                : CommandException.usage(title + ": " + detail);
    }

    private int show(LuxDid subject, Found found) {
        boolean deactivated = Boolean.TRUE.equals(found.metadata().get("deactivated"));
        String controller = deactivated
                ? ""
                : LuxDid.parse(String.valueOf(found.document().get("controller")))
                        .address()
                        .hex();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("did", subject.toString());
        json.put("controller", controller);
        json.put("deactivated", deactivated);
        json.put("document", found.document());
        json.put("metadata", found.metadata());
        json.put("deltas", found.deltas());
        output.result(json, out -> {
            out.println(subject);
            out.println("controller " + (controller.isEmpty() ? "none: deactivated" : controller));
            found.metadata().forEach((name, value) -> out.printf("%-14s %s%n", name, value));
            found.deltas().forEach(delta -> DeltaText.print(out, delta));
            if (found.deltas().isEmpty()) {
                out.println("no deltas");
            }
        });
        return ExitCode.OK;
    }
}
