package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.lookup.DeltaLookup;
import io.bitdelta.node.lookup.DeltaRecord;
import io.bitdelta.node.lookup.SoupLookup;
import io.bitdelta.node.lookup.SoupRecord;
import io.bitdelta.node.soup.BoundedBytes;
import io.bitdelta.node.soup.MemberList;
import io.bitdelta.node.soup.SoupsContract;
import io.bitdelta.node.soup.WeightList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers a soup's dossier from the index, the chain and the content store; believes nothing that the chain does not bind. */
public final class DossierReader {
    private static final byte[] NOBODY = new byte[EvmAddress.LENGTH];

    private final SoupLookup soups;
    private final DeltaLookup deltas;
    private final SoupsContract contract;
    private final ContentStore content;
    private final Path work;

    /**
     * @param content where manifests, lists and deltas are; foreign ones must have been pinned before
     * @param work files are fetched into folders of this one
     */
    public DossierReader(
            SoupLookup soups, DeltaLookup deltas, SoupsContract contract, ContentStore content, Path work) {
        this.soups = soups;
        this.deltas = deltas;
        this.contract = contract;
        this.content = content;
        this.work = work;
    }

    /**
     * Reads all that a soup rests on.
     *
     * @throws DossierException when the soup is unknown, or something of it is withheld or is not what the chain says
     * @throws IOException when files cannot be written
     */
    public Dossier read(Bytes32 soupId) throws IOException {
        SoupsContract.Proposal proposal = proposal(soupId);
        SoupHeader header = proposal.header();
        List<AutoCloseable> opened = new ArrayList<>();
        TemporaryFolder temporary = TemporaryFolder.create(work, "soup-");
        Path folder = temporary.path();
        try {
            Manifest manifest =
                    manifest(soupId, Bytes32.of(header.manifestDigest().bytes()));
            MemberList list = members(soupId, manifest, header);
            List<Ballot> ballots = new ArrayList<>();
            for (int i = 0; i < list.entries().size(); i++) {
                Ballot ballot = ballot(proposal, i, list.entries().get(i), folder);
                opened.add(ballot.file());
                ballots.add(ballot);
            }
            DeltaFile result = file(soupId, "result", manifest.delta().cid(), folder.resolve("result.safetensors"));
            opened.add(result);
            requireRoots(soupId, header, DeltaCommitment.of(result, new byte[EvmAddress.LENGTH], Hash32.ZERO));
            return new Dossier(proposal, list.tree(), ballots, result, temporary);
        } catch (IOException | RuntimeException failed) {
            for (AutoCloseable file : opened) {
                closeAfter(failed, file);
            }
            closeAfter(failed, temporary);
            throw failed;
        }
    }

    private SoupsContract.Proposal proposal(Bytes32 soupId) {
        SoupRecord record = soups.byId(soupId)
                .orElseThrow(() -> new DossierException("no soup %s on this registry".formatted(soupId)));
        return contract.proposal(soupId, record.block())
                .orElseThrow(() -> new DossierException("soup %s: its proposal is not in block %d (a reorg?): try again"
                        .formatted(soupId, record.block())));
    }

    /**
     * Reads who the members are and who is paid, whether the contract would allow it or not.
     *
     * @throws DossierException when the soup is unknown, or the list of its members is withheld or not the chain's
     * @throws IOException when the content store fails
     */
    SoupPapers papers(Bytes32 soupId) throws IOException {
        SoupsContract.Proposal proposal = proposal(soupId);
        SoupHeader header = proposal.header();
        Manifest manifest = manifest(soupId, Bytes32.of(header.manifestDigest().bytes()));
        MemberList list = rawMembers(soupId, manifest, header);
        return new SoupPapers(proposal, list.entries(), shares(soupId, manifest, list, header));
    }

    private List<WeightTree.Share> shares(Bytes32 soupId, Manifest manifest, MemberList list, SoupHeader header)
            throws IOException {
        Optional<String> cid = manifest.section("soup").flatMap(section -> section.optionalText("weightsCid"));
        List<WeightTree.Share> shares = cid.isPresent()
                ? weights(soupId, cid.get())
                : WeightTree.uniform(list.entries().stream()
                                .map(entry -> deltas.byId(entry.deltaId())
                                        .map(delta -> LuxDid.parse(delta.did())
                                                .address()
                                                .bytes())
                                        .orElse(NOBODY))
                                .toList())
                        .shares();
        boolean told = shares.size() == header.payees()
                && MerkleTree.root(SoupPapers.weightLeaves(shares)).equals(header.weightsRoot());
        return told ? shares : List.of();
    }

    private List<WeightTree.Share> weights(Bytes32 soupId, String cid) throws IOException {
        try {
            return WeightList.parse(block(soupId, "list of weights", Cid.parse(cid), WeightList.MAX_BYTES))
                    .shares();
        } catch (JsonException | IllegalArgumentException malformed) {
            throw new DossierException(
                    "soup %s: list of weights %s: %s".formatted(soupId, cid, malformed.getMessage()), malformed);
        }
    }

    /**
     * A member's published delta, whether it fits into the soup or not; the caller closes its file.
     *
     * @param folder where its file is fetched to
     */
    Ballot ballot(SoupPapers papers, int index, Path folder) throws IOException {
        return openBallot(papers.proposal(), index, papers.members().get(index), folder);
    }

    private static void closeAfter(Exception failed, AutoCloseable file) {
        try {
            file.close();
        } catch (Exception alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    private Manifest manifest(Bytes32 soupId, Bytes32 digest) throws IOException {
        Cid cid = Cid.rawSha256(digest.bytes());
        try {
            return Manifest.parse(block(soupId, "manifest", cid, Manifest.MAX_BYTES));
        } catch (ManifestException malformed) {
            throw new DossierException(
                    "soup %s: block %s is no manifest: %s".formatted(soupId, cid, malformed.getMessage()), malformed);
        }
    }

    private MemberList members(Bytes32 soupId, Manifest manifest, SoupHeader header) throws IOException {
        MemberList list = rawMembers(soupId, manifest, header);
        try {
            list.tree();
        } catch (IllegalArgumentException disorder) {
            throw new DossierException(
                    "soup %s: its members are out of order or repeated: %s".formatted(soupId, disorder.getMessage()),
                    disorder);
        }
        return list;
    }

    private MemberList rawMembers(Bytes32 soupId, Manifest manifest, SoupHeader header) throws IOException {
        String cid = manifest.section("soup")
                .flatMap(section -> section.optionalText("membersCid"))
                .orElseThrow(() -> new DossierException(
                        "soup %s: its manifest names no list of members, so nobody can recount it".formatted(soupId)));
        try {
            MemberList list = MemberList.parse(block(soupId, "list of members", Cid.parse(cid), MemberList.MAX_BYTES));
            Hash32 root = MerkleTree.root(SoupPapers.memberLeaves(list.entries()));
            if (!root.equals(header.membersRoot()) || list.entries().size() != header.members()) {
                throw new DossierException(
                        "soup %s: the published list of %d members has root %s, the header says %d and %s"
                                .formatted(
                                        soupId, list.entries().size(), root, header.members(), header.membersRoot()));
            }
            return list;
        } catch (JsonException | IllegalArgumentException malformed) {
            throw new DossierException(
                    "soup %s: list of members %s: %s".formatted(soupId, cid, malformed.getMessage()), malformed);
        }
    }

    private Ballot ballot(SoupsContract.Proposal proposal, int index, MemberList.Entry entry, Path folder)
            throws IOException {
        Ballot ballot = openBallot(proposal, index, entry, folder);
        if (!ballot.layoutHash().equals(proposal.header().layoutHash())) {
            ballot.file().close();
            throw new DossierException("soup %s: member %d has layout %s, the header says %s: it may not be a member"
                    .formatted(
                            proposal.soupId(),
                            index,
                            ballot.layoutHash(),
                            proposal.header().layoutHash()));
        }
        return ballot;
    }

    private Ballot openBallot(SoupsContract.Proposal proposal, int index, MemberList.Entry entry, Path folder)
            throws IOException {
        Bytes32 soupId = proposal.soupId();
        DeltaRecord record = deltas.byId(entry.deltaId())
                .orElseThrow(() -> new DossierException(
                        "soup %s: member %d, delta %s, was never published".formatted(soupId, index, entry.deltaId())));
        DeltaStruct delta = new DeltaStruct(
                LuxDid.parse(record.did()).address(),
                Bytes32.of(record.baseHash()),
                Bytes32.of(record.deltaRoot()),
                Bytes32.of(record.manifestDigest()),
                Bytes32.of(record.receiptHash()),
                record.epsilonMilli(),
                record.flags() & (DeltaStruct.PUBLIC | DeltaStruct.DP_CLAIMED));
        Manifest manifest = manifest(soupId, delta.manifestDigest());
        Bytes32 salt = manifest.delta()
                .salt()
                .orElseThrow(() -> new DossierException(
                        "soup %s: member %d, delta %s, publishes no salt".formatted(soupId, index, entry.deltaId())));
        DeltaFile file = file(
                soupId, "member " + index, manifest.delta().cid(), folder.resolve("member-" + index + ".safetensors"));
        DeltaCommitment commitment = DeltaCommitment.of(file, delta.identity().bytes(), Hash32.of(salt.bytes()));
        if (!Bytes32.of(commitment.deltaRoot().bytes()).equals(delta.deltaRoot())) {
            file.close();
            throw new DossierException("soup %s: the file of member %d has commitment %s, the chain says %s"
                    .formatted(soupId, index, commitment.deltaRoot(), delta.deltaRoot()));
        }
        return new Ballot(index, entry, delta, salt, file, commitment);
    }

    private static void requireRoots(Bytes32 soupId, SoupHeader header, DeltaCommitment roots) {
        boolean same = roots.signsRoot().equals(header.signsRoot())
                && roots.scalesRoot().equals(header.scalesRoot())
                && roots.abstainRoot().equals(header.abstainRoot())
                && roots.layoutHash().equals(header.layoutHash());
        if (!same) {
            throw new DossierException(
                    "soup %s: the published result is not the one that was proposed: signs %s instead of %s"
                            .formatted(soupId, roots.signsRoot(), header.signsRoot()));
        }
    }

    private DeltaFile file(Bytes32 soupId, String what, String cid, Path target) throws IOException {
        try {
            content.fetch(Cid.parse(cid), target);
            return DeltaFile.open(target);
        } catch (ContentException | EngineInputException unreadable) {
            throw new DossierException(
                    "soup %s: the file of its %s, %s, cannot be read: %s"
                            .formatted(soupId, what, cid, unreadable.getMessage()),
                    unreadable);
        }
    }

    private byte[] block(Bytes32 soupId, String what, Cid cid, int most) throws IOException {
        try {
            return BoundedBytes.read(content, cid, most);
        } catch (ContentException unreadable) {
            throw new DossierException(
                    "soup %s: its %s, %s, cannot be read: %s".formatted(soupId, what, cid, unreadable.getMessage()),
                    unreadable);
        }
    }
}
