package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.lookup.DeltaLookup;
import io.bitdelta.node.lookup.DeltaRecord;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What deltas and soups point to, from this node's store or else through trustless gateways, block by block against its
 * hashes. What is fetched is pinned privately: this node relies on it, and does not answer for serving it.
 */
public final class PublishedContent {
    private final DeltaLookup deltas;
    private final ContentStore content;
    private final Optional<GatewayClient> gateways;
    private final Path work;
    private final long mostPerFile;

    /**
     * @param gateways asked for what is missing; empty to take only what is here
     * @param work folder for files on their way
     * @param mostPerFile bytes of a delta file; a larger one is not fetched
     */
    public PublishedContent(
            DeltaLookup deltas, ContentStore content, Optional<GatewayClient> gateways, Path work, long mostPerFile) {
        this.deltas = deltas;
        this.content = content;
        this.gateways = gateways;
        this.work = work;
        this.mostPerFile = mostPerFile;
    }

    /**
     * Makes sure that a delta's manifest and file are here, and stay.
     *
     * @param name of the pins
     * @return the file's CID; empty for a delta that was never published
     * @throws IOException when something cannot be had now
     * @throws ManifestException or {@link JsonException} when what its manifest says cannot be read
     */
    public Optional<Cid> delta(Bytes32 deltaId, String name) throws IOException {
        Optional<DeltaRecord> record = deltas.byId(deltaId);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        Manifest manifest = manifest(Bytes32.of(record.get().manifestDigest()), name);
        Cid file = Cid.parse(manifest.delta().cid());
        file(file, name);
        return Optional.of(file);
    }

    /** A manifest by its digest. */
    public Manifest manifest(Bytes32 digest, String name) throws IOException {
        Cid cid = Cid.rawSha256(digest.bytes());
        block(cid, name);
        return Manifest.parse(read(cid, Manifest.MAX_BYTES));
    }

    /** Makes sure that a block is here. */
    public void block(Cid cid, String name) throws IOException {
        if (!content.blocks().has(cid)) {
            content.pinFrom(gateways(cid), cid, Pin.Kind.DIRECT, name, Visibility.PRIVATE);
        }
    }

    /** Makes sure that a file is here. */
    public void file(Cid cid, String name) throws IOException {
        if (!content.blocks().has(cid)) {
            GatewayClient client = gateways(cid);
            try (TemporaryFolder folder = TemporaryFolder.create(work, "fetch-")) {
                client.fetch(cid, folder.path().resolve("file"), mostPerFile);
            }
            content.pinFrom(client, cid, Pin.Kind.RECURSIVE, name, Visibility.PRIVATE);
        }
    }

    /** Bytes of something small that is here. */
    public byte[] read(Cid cid, int most) throws IOException {
        return BoundedBytes.read(content, cid, most);
    }

    private GatewayClient gateways(Cid cid) throws IOException {
        return gateways.orElseThrow(() -> new NoSuchFileException(
                cid.toString(), null, "not in this node's store, and no gateways are configured (publish.gateways)"));
    }
}
