package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.lookup.SoupLookup;
import io.bitdelta.node.lookup.SoupRecord;
import io.bitdelta.node.soup.MemberList;
import io.bitdelta.node.soup.PublishedContent;
import java.io.IOException;
import java.util.Optional;

/** Fetches what a foreign soup rests on, as far as it is not here. */
public final class GatewaySoupSource implements SoupSource {
    private final SoupLookup soups;
    private final PublishedContent content;

    /** @param content from this node's store or through gateways */
    public GatewaySoupSource(SoupLookup soups, PublishedContent content) {
        this.soups = soups;
        this.content = content;
    }

    @Override
    public void pin(Bytes32 soupId) throws IOException {
        SoupRecord soup = soups.byId(soupId)
                .orElseThrow(() -> new DossierException("no soup %s on this registry".formatted(soupId)));
        String name = "audit of soup " + soupId;
        try {
            Manifest manifest = content.manifest(Bytes32.of(soup.manifestDigest()), name);
            Optional<JsonObject> section = manifest.section("soup");
            Optional<String> weights = section.flatMap(found -> found.optionalText("weightsCid"));
            if (weights.isPresent()) {
                content.block(Cid.parse(weights.get()), name);
            }
            Optional<String> members = section.flatMap(found -> found.optionalText("membersCid"));
            if (members.isPresent()) {
                Cid list = Cid.parse(members.get());
                content.block(list, name);
                for (MemberList.Entry entry : MemberList.parse(content.read(list, MemberList.MAX_BYTES))
                        .entries()) {
                    // One that was never published is left to the Inspector, which slashes for it.
                    content.delta(entry.deltaId(), name);
                }
            }
            content.file(Cid.parse(manifest.delta().cid()), name);
        } catch (ManifestException | JsonException | IllegalArgumentException malformed) {
            throw new DossierException(
                    "soup %s: what it publishes cannot be read: %s".formatted(soupId, malformed.getMessage()),
                    malformed);
        }
    }
}
