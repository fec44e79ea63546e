package io.bitdelta.node.cli.delta;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.engine.codec.Check;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.ipfs.unixfs.UnixFsImporter;
import io.bitdelta.node.provenance.MeteredPrivacy;
import io.bitdelta.node.provenance.PrivacyClaim;
import io.bitdelta.node.provenance.ProvenanceException;
import io.bitdelta.node.publish.DeltaLabels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a manifest describes a delta file: everything that it says about the bytes, recomputed from the bytes. */
final class ManifestChecks {
    private final List<Check> checks = new ArrayList<>();

    private ManifestChecks() {}

    /**
     * Reads a manifest.
     *
     * @throws io.bitdelta.attestation.manifest.ManifestException if it is none
     */
    static Manifest read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            // One byte more than allowed is enough for the reader to refuse it.
            return Manifest.parse(in.readNBytes(Manifest.MAX_BYTES + 1));
        }
    }

    /** The checks, for a file that has passed those of its own structure. */
    static List<Check> of(Path file, Manifest manifest, Optional<Bytes32> salt) throws IOException {
        ManifestChecks all = new ManifestChecks();
        Manifest.Delta said = manifest.delta();
        try (DeltaFile delta = DeltaFile.open(file)) {
            all.equal(
                    "manifest base",
                    hex(delta.header().metadata().baseHash()),
                    manifest.base().weightsHash());
            all.equal("manifest size", delta.size(), manifest.compression().size());
            all.equal(
                    "manifest compression",
                    DeltaLabels.compression(delta),
                    manifest.compression().compression());
            all.equal(
                    "manifest scales",
                    DeltaLabels.scales(delta),
                    manifest.compression().scales());
            all.equal("manifest fileHash", hex(delta.fileHash()), said.fileHash());
            all.equal("manifest contentRoot", hex(DeltaCommitment.contentRoot(delta)), said.contentRoot());
            all.equal(
                    "manifest cid",
                    new UnixFsImporter(new NoBlocks())
                            .importFile(file, bytes -> {})
                            .root(),
                    said.cid());
            all.commitment(delta, manifest, salt.or(said::salt));
            all.privacy(manifest);
        }
        return List.copyOf(all.checks);
    }

    private void commitment(DeltaFile delta, Manifest manifest, Optional<Bytes32> salt) {
        if (salt.isEmpty()) {
            checks.add(new Check(
                    "manifest deltaRoot",
                    false,
                    "the manifest holds no salt, as a private delta's; give it with --salt"));
            return;
        }
        byte[] identity = manifest.user().address().bytes();
        Hash32 root = DeltaCommitment.of(delta, identity, Hash32.of(salt.get().bytes()))
                .deltaRoot();
        equal("manifest deltaRoot", hex(root), manifest.delta().deltaRoot());
    }

    private void privacy(Manifest manifest) {
        try {
            Optional<PrivacyClaim> claim = MeteredPrivacy.of(manifest);
            checks.add(new Check(
                    "manifest privacy",
                    true,
                    claim.map(made -> "claimed, and the accountant agrees: " + made.text())
                            .orElse("no guarantee is claimed")));
        } catch (ProvenanceException wrong) {
            checks.add(new Check("manifest privacy", false, String.valueOf(wrong.getMessage())));
        }
    }

    private void equal(String name, Object found, Object said) {
        boolean same = found.toString().equals(said.toString());
        checks.add(new Check(
                name, same, same ? found.toString() : "the file has %s, the manifest says %s".formatted(found, said)));
    }

    private static Bytes32 hex(Hash32 hash) {
        return Bytes32.of(hash.bytes());
    }
}
