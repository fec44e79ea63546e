package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.lookup.DeltaLookup;
import io.bitdelta.node.lookup.SoupLookup;
import io.bitdelta.node.lookup.SoupRecord;
import io.bitdelta.node.soup.BoundedBytes;
import io.bitdelta.node.soup.MemberList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Fetches what a foreign soup rests on through trustless gateways, block by block against their hashes. What is fetched
 * is pinned privately: this node checks it, and does not answer for serving it.
 */
public final class GatewaySoupSource implements SoupSource {
    private final SoupLookup soups;
    private final DeltaLookup deltas;
    private final ContentStore content;
    private final GatewayClient gateways;
    private final Path work;
    private final long mostPerFile;

    /**
     * @param gateways asked for what is missing
     * @param work folder for files on their way
     * @param mostPerFile bytes of a delta file; a larger one is not fetched
     */
    public GatewaySoupSource(
            SoupLookup soups,
            DeltaLookup deltas,
            ContentStore content,
            GatewayClient gateways,
            Path work,
            long mostPerFile) {
        this.soups = soups;
        this.deltas = deltas;
        this.content = content;
        this.gateways = gateways;
        this.work = work;
        this.mostPerFile = mostPerFile;
    }

    @Override
    public void pin(Bytes32 soupId) throws IOException {
        SoupRecord soup = soups.byId(soupId)
                .orElseThrow(() -> new DossierException("no soup %s on this registry".formatted(soupId)));
        String name = "audit of soup " + soupId;
        try {
            Manifest manifest = manifest(Bytes32.of(soup.manifestDigest()), name);
            Optional<JsonObject> section = manifest.section("soup");
            Optional<String> weights = section.flatMap(found -> found.optionalText("weightsCid"));
            if (weights.isPresent()) {
                block(Cid.parse(weights.get()), name);
            }
            Optional<String> members = section.flatMap(found -> found.optionalText("membersCid"));
            if (members.isPresent()) {
                Cid list = Cid.parse(members.get());
                block(list, name);
                for (MemberList.Entry entry :
                        MemberList.parse(read(list, MemberList.MAX_BYTES)).entries()) {
                    member(entry.deltaId(), name);
                }
            }
            file(Cid.parse(manifest.delta().cid()), name);
        } catch (ManifestException | JsonException | IllegalArgumentException malformed) {
            throw new DossierException(
                    "soup %s: what it publishes cannot be read: %s".formatted(soupId, malformed.getMessage()),
                    malformed);
        }
    }

    /** One that was never published is left to the {@link Inspector}, which slashes for it. */
    private void member(Bytes32 deltaId, String name) throws IOException {
        var record = deltas.byId(deltaId);
        if (record.isPresent()) {
            Manifest manifest = manifest(Bytes32.of(record.get().manifestDigest()), name);
            file(Cid.parse(manifest.delta().cid()), name);
        }
    }

    private Manifest manifest(Bytes32 digest, String name) throws IOException {
        Cid cid = Cid.rawSha256(digest.bytes());
        block(cid, name);
        return Manifest.parse(read(cid, Manifest.MAX_BYTES));
    }

    private void block(Cid cid, String name) throws IOException {
        if (!content.blocks().has(cid)) {
            content.pinFrom(gateways, cid, Pin.Kind.DIRECT, name, Visibility.PRIVATE);
        }
    }

    private void file(Cid cid, String name) throws IOException {
        if (!content.blocks().has(cid)) {
            try (TemporaryFolder folder = TemporaryFolder.create(work, "audit-")) {
                gateways.fetch(cid, folder.path().resolve("file"), mostPerFile);
            }
            content.pinFrom(gateways, cid, Pin.Kind.RECURSIVE, name, Visibility.PRIVATE);
        }
    }

    private byte[] read(Cid cid, int most) throws IOException {
        BoundedBytes bytes = new BoundedBytes(cid.toString(), most);
        content.cat(cid, bytes);
        return bytes.toByteArray();
    }
}
